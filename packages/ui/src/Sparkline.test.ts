import { expect, test } from 'vitest'
import { curve } from './Sparkline.tsx'

const frame = { capacity: 3, max: 1, width: 22, height: 12 }

test('a curve spans the width, high values above', () => {
  expect(curve([0, 0.5, 1], frame)).toBe('M1.0 11.0L11.0 6.0L21.0 1.0')
})

test('a short one ends where now is; a gap parts it', () => {
  expect(curve([0.5], frame)).toBe('M21.0 6.0')
  expect(curve([0, null, 1], frame)).toBe('M1.0 11.0M21.0 1.0')
})

test('what exceeds the top raises it', () => {
  expect(curve([2, 0, 0], frame).startsWith('M1.0 1.0')).toBe(true)
})
