import { describe, expect, test } from 'vitest'
import { parseStartOptions, UsageError } from './start-options.ts'

describe('the command line of npm start', () => {
  test('is empty for the demo pool', () => {
    expect(parseStartOptions([])).toMatchObject({
      demo: false,
      seed: 1,
      consoles: [],
    })
  })

  test('names one pool only', () => {
    expect(() => parseStartOptions(['--database', 'a.xml', '--pool', 'https://h'])).toThrow(
      UsageError,
    )
    expect(() => parseStartOptions(['--database', 'a.xml', '--vms', '5'])).toThrow(/one of/)
  })

  test('fills in the other half of a generated pool', () => {
    expect(parseStartOptions(['--vms', '5000'])).toMatchObject({ hosts: 3, vms: 5000 })
    expect(parseStartOptions(['--hosts', '16'])).toMatchObject({ hosts: 16, vms: 100 })
  })

  test.each([
    [['--hosts', '0']],
    [['--vms', 'many']],
    [['--seed', '1.5']],
    [['--frobnicate']],
    [['stray']],
    [['--database', '']],
  ])('refuses %j with a sentence', (args) => {
    expect(() => parseStartOptions(args)).toThrow(UsageError)
  })

  test('takes several consoles', () => {
    const { consoles } = parseStartOptions(['--console', 'a=vnc://h:1', '--console', 'b=vnc://h:2'])
    expect(consoles).toEqual(['a=vnc://h:1', 'b=vnc://h:2'])
  })
})
