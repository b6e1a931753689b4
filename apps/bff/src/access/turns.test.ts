import { expect, it } from 'vitest'
import { Turns } from './turns.ts'

it('lets a few run, some wait, and sends the rest away', async () => {
  const turns = new Turns({ atOnce: 2, waiting: 3 })
  const gates = Array.from({ length: 8 }, () => Promise.withResolvers<void>())
  const begun: number[] = []
  const results = gates.map(({ promise }, n) =>
    turns.take(async () => {
      begun.push(n)
      await promise
      return n
    }),
  )
  expect(results.filter((one) => one === undefined)).toHaveLength(3)
  expect(begun).toEqual([0, 1])
  gates[1]?.resolve()
  await expect.poll(() => begun).toEqual([0, 1, 2])
  for (const { resolve } of gates) resolve()
  expect(await Promise.all(results)).toEqual([0, 1, 2, 3, 4, undefined, undefined, undefined])
})

it('goes on after one that fails', async () => {
  const turns = new Turns({ atOnce: 1, waiting: 1 })
  const failing = turns.take(() => Promise.reject(new Error('no')))
  const next = turns.take(() => Promise.resolve('yes'))
  await expect(failing).rejects.toThrow('no')
  expect(await next).toBe('yes')
})
