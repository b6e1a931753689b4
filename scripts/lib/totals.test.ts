import { expect, test } from 'vitest'
import { add, closingLine, playwrightTotals, vitestTotals } from './totals.ts'

test('sums what both runners report', () => {
  const unit = vitestTotals({ numPassedTests: 10, numFailedTests: 1, numPendingTests: 2 })
  const e2e = playwrightTotals({ stats: { expected: 5, unexpected: 0, flaky: 1, skipped: 0 } })
  expect(closingLine(add(unit, e2e))).toBe('15 passed, 2 failed, 2 skipped')
})

test('a test file that does not load is a failure', () => {
  expect(
    vitestTotals({ numPassedTests: 3, numFailedTests: 0, numFailedTestSuites: 1 }).failed,
  ).toBe(1)
})

test('a report of another shape counts nothing', () => {
  expect(closingLine(vitestTotals(null))).toBe('0 passed, 0 failed')
})
