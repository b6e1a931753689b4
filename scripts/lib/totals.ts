/** Passed and failed tests of one or more runs. */
export interface Totals {
  passed: number
  failed: number
  skipped: number
}

export const none: Totals = { passed: 0, failed: 0, skipped: 0 }

export function add(a: Totals, b: Totals): Totals {
  return {
    passed: a.passed + b.passed,
    failed: a.failed + b.failed,
    skipped: a.skipped + b.skipped,
  }
}

/** The closing line that CI reads: `12 passed, 0 failed`, with `, 3 skipped` where any were. */
export function closingLine({ passed, failed, skipped }: Totals): string {
  return `${passed} passed, ${failed} failed${skipped ? `, ${skipped} skipped` : ''}`
}

function count(report: unknown, ...path: string[]): number {
  let value: unknown = report
  for (const key of path)
    value = typeof value === 'object' && value ? Reflect.get(value, key) : undefined
  return typeof value === 'number' ? value : 0
}

/** Vitest's JSON reporter. Files that failed to load count as one failure each. */
export function vitestTotals(report: unknown): Totals {
  const failed = count(report, 'numFailedTests')
  return {
    passed: count(report, 'numPassedTests'),
    failed: failed || (count(report, 'numFailedTestSuites') ? 1 : 0),
    skipped: count(report, 'numPendingTests') + count(report, 'numTodoTests'),
  }
}

/** Playwright's JSON reporter: a test that passed only when tried again counts as failed. */
export function playwrightTotals(report: unknown): Totals {
  return {
    passed: count(report, 'stats', 'expected'),
    failed: count(report, 'stats', 'unexpected') + count(report, 'stats', 'flaky'),
    skipped: count(report, 'stats', 'skipped'),
  }
}
