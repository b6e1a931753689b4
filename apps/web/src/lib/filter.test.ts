import { expect, test } from 'vitest'
import { filterTerms, matches } from './filter.ts'

test('terms are words in lower case', () => {
  expect(filterTerms('  Web  RUNNING ')).toEqual(['web', 'running'])
  expect(filterTerms('   ')).toEqual([])
})

test('every term must be found, each in any field', () => {
  const fields = ['web-01', '10.20.0.5', 'Running', null, undefined]
  expect(matches(filterTerms('web running'), fields)).toBe(true)
  expect(matches(filterTerms('web halted'), fields)).toBe(false)
  expect(matches(filterTerms('20.0.5'), fields)).toBe(true)
  expect(matches([], fields)).toBe(true)
})
