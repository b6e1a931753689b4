import { describe, expect, test } from 'vitest'
import { chooseProtocol, unavailable } from './availability.ts'

type Facts = Parameters<typeof unavailable>[0]
const vm = (facts: Partial<Facts>): Facts => ({
  powerState: 'running',
  consoles: ['rfb', 'vt100'],
  current: [],
  ...facts,
})
const doing = (operation: string) => [{ operation, taskId: null }]

describe('unavailable', () => {
  test('a running VM with the record has its console', () => {
    expect(unavailable(vm({}), 'rfb')).toBeNull()
    expect(unavailable(vm({ current: doing('clean_shutdown') }), 'rfb')).toBeNull()
    expect(unavailable(vm({ current: doing('pool_migrate') }), 'rfb')).toBeNull()
  })
  test.each<[Partial<Facts>, string]>([
    [{ consoles: ['vt100'] }, 'notOffered'],
    [{ powerState: 'halted', consoles: [] }, 'halted'],
    [{ powerState: 'suspended', consoles: [] }, 'suspended'],
    [{ powerState: 'paused' }, 'paused'],
    [{ powerState: 'halted', consoles: [], current: doing('start') }, 'starting'],
    [{ powerState: 'suspended', consoles: [], current: doing('resume_on') }, 'resuming'],
    [{ consoles: [], current: doing('pool_migrate') }, 'migrating'],
    [{ consoles: [], current: doing('hard_reboot') }, 'restarting'],
  ])('%o is %s', (facts, reason) => {
    expect(unavailable(vm(facts), 'rfb')).toBe(reason)
  })
})

describe('chooseProtocol', () => {
  test('follows what is offered', () => {
    expect(chooseProtocol(['vt100'], null)).toBe('vt100')
    expect(chooseProtocol(['vt100', 'rfb'], null)).toBe('rfb')
    expect(chooseProtocol(['vt100'], 'rfb')).toBe('vt100')
  })
  test('remembers while nothing is offered', () => {
    expect(chooseProtocol([], 'vt100')).toBe('vt100')
    expect(chooseProtocol(['rfb', 'vt100'], 'vt100')).toBe('vt100')
    expect(chooseProtocol([], null)).toBe('rfb')
  })
})
