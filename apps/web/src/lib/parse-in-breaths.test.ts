import * as fc from 'fast-check'
import { expect, it } from 'vitest'
import { parseInBreaths } from './parse-in-breaths.ts'

const atOnce = () => Promise.resolve()

it('gives what JSON.parse gives, whatever is in it', async () => {
  const inventory = fc.record({
    revision: fc.string(),
    resources: fc.dictionary(fc.string(), fc.array(fc.dictionary(fc.string(), fc.jsonValue()))),
  })
  await fc.assert(
    fc.asyncProperty(inventory, fc.integer({ min: 1, max: 200 }), async (value, length) => {
      const text = JSON.stringify(value)
      expect(await parseInBreaths(text, atOnce, length)).toEqual(JSON.parse(text))
    }),
    { numRuns: 300 },
  )
})

it('takes white space', async () => {
  const value = { revision: 'e.1', resources: { vm: [{ name: 'a, "b" ]' }, { name: '\\' }] } }
  const text = JSON.stringify(value, null, 2)
  expect(await parseInBreaths(text, atOnce, 1)).toEqual(value)
})

it('breathes', async () => {
  let breaths = 0
  const vms = Array.from({ length: 100 }, (_, index) => ({ id: `vm-${index}` }))
  await parseInBreaths(
    JSON.stringify({ resources: { vm: vms } }),
    () => {
      breaths += 1
      return Promise.resolve()
    },
    200,
  )
  expect(breaths).toBeGreaterThan(5)
})

it('refuses what was cut short', async () => {
  const text = JSON.stringify({ resources: { vm: [{ name: 'a' }, { name: 'b' }] } })
  for (let end = 1; end < text.length; end += 1) {
    await expect(parseInBreaths(text.slice(0, end), atOnce, 1)).rejects.toThrow(SyntaxError)
  }
})
