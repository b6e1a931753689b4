import { describe, expect, it } from 'vitest'
import { hashPassword, isPasswordRight, makePassword } from './passwords.ts'

const cost = { N: 16, r: 1, p: 1 }

describe('passwords', () => {
  it('are hashed with a salt and with their cost', async () => {
    const one = await hashPassword('secret', cost)
    const other = await hashPassword('secret', { N: 32, r: 2, p: 1 })
    expect(one).toMatch(/^scrypt\$16\$1\$1\$/)
    expect(await hashPassword('secret', cost)).not.toBe(one)
    expect(await isPasswordRight('secret', one)).toBe(true)
    expect(await isPasswordRight('secret', other)).toBe(true)
    expect(await isPasswordRight('Secret', one)).toBe(false)
    expect(await isPasswordRight('', one)).toBe(false)
  })

  it('are the same however the same letters were typed', async () => {
    const composed = await hashPassword('caf\u00e9', cost)
    expect(await isPasswordRight('cafe\u0301', composed)).toBe(true)
  })

  it('refuses a hash that is none', async () => {
    await expect(isPasswordRight('x', 'plain')).rejects.toThrow(/not in the form/)
  })

  it('are made up anew each time', () => {
    const made = Array.from({ length: 100 }, makePassword)
    expect(new Set(made).size).toBe(100)
    for (const password of made) expect(password).toMatch(/^([a-z2-9]{5}-){3}[a-z2-9]{5}$/)
  })
})
