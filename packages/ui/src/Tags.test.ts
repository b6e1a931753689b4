import { expect, test } from 'vitest'
import { fitting } from './Tags.tsx'

test('as many tags as fit, and room for how many more there are', () => {
  expect(fitting(['ci', 'web'], 152)).toBe(2)
  expect(fitting(['kubernetes', 'development'], 120)).toBe(1)
  expect(fitting(['a', 'b', 'c', 'd', 'e'], 100)).toBe(2)
})

test('the first is always shown, cut off if need be', () => {
  expect(fitting(['a-tag-that-is-longer-than-the-column'], 50)).toBe(1)
})

test('ideographs take more room than letters', () => {
  expect(fitting(['生产', '数据库'], 90)).toBe(1)
  expect(fitting(['ab', 'abc'], 90)).toBe(2)
})
