import { describe, expect, test } from 'vitest'
import { formatDuration, formatInstant, formatRelative, nextChange, timestampName } from './time.ts'

const MINUTE = 60_000
const HOUR = 60 * MINUTE
const DAY = 24 * HOUR

describe('formatDuration', () => {
  test.each([
    [0, '0 seconds'],
    [-5, '0 seconds'],
    [59_999, '59 seconds'],
    [MINUTE, '1 minute'],
    [90 * MINUTE, '1 hour'],
    [47 * HOUR, '47 hours'],
    [48 * HOUR, '2 days'],
    [41 * DAY + 3 * HOUR, '41 days'],
  ])('%d ms is %s', (span, text) => {
    expect(formatDuration(span, 'en')).toBe(text)
  })
  test('in Chinese', () => {
    expect(formatDuration(41 * DAY, 'zh-Hans')).toBe('41天')
  })
})

describe('formatRelative', () => {
  const now = Date.UTC(2026, 10, 23)
  test.each([
    [0, 'now'],
    [-3 * MINUTE, '3 minutes ago'],
    [8_000, 'in 8 seconds'],
    [-50 * HOUR, '2 days ago'],
    [-70 * DAY, '2 months ago'],
    [-800 * DAY, '2 years ago'],
  ])('%d ms away is %s', (offset, text) => {
    expect(formatRelative(now + offset, now, 'en')).toBe(text)
  })
})

test('nextChange looks more often at what is near', () => {
  expect(nextChange(5_000, 0)).toBe(1_000)
  expect(nextChange(0, 10 * MINUTE)).toBe(20_000)
  expect(nextChange(0, DAY)).toBe(10 * MINUTE)
})

test('timestampName is local time and pads', () => {
  expect(timestampName(new Date(2026, 0, 2, 3, 4))).toBe('2026-01-02 03:04')
})

test('formatInstant has 24 hours in English', () => {
  const local = new Date(2026, 10, 23, 13, 5).toISOString()
  expect(formatInstant(local, 'en')).toBe('23 Nov 2026, 13:05')
})
