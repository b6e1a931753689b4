import { describe, expect, test } from 'vitest'
import { formatBytes, formatBytesExactly, formatPercent, NOTHING } from './bytes.ts'

const GiB = 1024 ** 3

describe('formatBytes', () => {
  test.each([
    [0, '0 B'],
    [1023, '1,023 B'],
    [1024, '1 KiB'],
    [1536, '1.5 KiB'],
    [8 * GiB, '8 GiB'],
    [640 * GiB, '640 GiB'],
    [1.2 * 1024 * GiB, '1.2 TiB'],
    [12.4 * 1024 * GiB, '12 TiB'],
    [1023.9 * GiB, '1 TiB'],
    [9.97 * GiB, '10 GiB'],
    [5000 * 1024 ** 5, '5,000 PiB'],
  ])('%d is %s', (value, text) => {
    expect(formatBytes(value, 'en')).toBe(text)
  })

  test('what is not known is a dash', () => {
    expect(formatBytes(null, 'en')).toBe(NOTHING)
    expect(formatBytes(-1, 'en')).toBe(NOTHING)
    expect(formatBytes(Number.NaN, 'en')).toBe(NOTHING)
  })

  test('numbers follow the language, units do not', () => {
    expect(formatBytes(1.5 * GiB, 'de')).toBe('1,5 GiB')
  })

  test('exactly', () => {
    expect(formatBytesExactly(8 * GiB, 'en')).toBe('8,589,934,592 B')
  })
})

test.each([
  [0, '0 %'],
  [0.624, '62 %'],
  [0.999, '99 %'],
  [1, '100 %'],
  [1.3, '100 %'],
  [-1, '0 %'],
])('formatPercent(%d) is %s', (fraction, text) => {
  expect(formatPercent(fraction, 'en')).toBe(text)
})
