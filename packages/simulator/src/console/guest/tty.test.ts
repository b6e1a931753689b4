import { expect, test } from 'vitest'
import { Guest } from './guest.ts'
import { KeyParser } from './keys.ts'
import { testMachine, type TestMachine } from './test-machine.ts'
import type { Tty } from './tty.ts'

interface Session {
  readonly tty: Tty
  readonly machine: TestMachine
  type(text: string): void
  /** Output since the last call, without colours. */
  output(): string
}

function open(logIn = true): Session {
  const machine = testMachine()
  const tty = new Guest(machine, 0).terminal('ttyS0', 80, 24)
  let text = ''
  tty.listen({ output: (more) => (text += more) })
  const session: Session = {
    tty,
    machine,
    type: (input) => tty.receive(new TextEncoder().encode(input)),
    output() {
      const plain = text.replaceAll(new RegExp(`${'\x1b'}\\[[0-9;?]*[a-zA-Z]`, 'g'), '')
      text = ''
      return plain
    },
  }
  if (logIn) {
    session.type('root\rsecret\r')
    session.output()
  }
  return session
}

test('boots with colours to a log-in; the password is not echoed', () => {
  const { type, output, tty } = open(false)
  expect(tty.scrollback).toContain('\x1b[32m  OK  ')
  expect(output()).toMatch(/Debian GNU\/Linux 13 db-1 ttyS0\r\n\r\ndb-1 login: $/)
  type('root\rhunter2\r')
  expect(output()).toMatch(/^root\r\nPassword: \r\n(?!.*hunter2)[\s\S]*root@db-1:~# $/)
})

const edits: readonly (readonly [string, string, string])[] = [
  ['backspace', 'echo abX\x7fc\r', 'abc'],
  ['cursor left and insert', 'echo ac\x1b[Db\r', 'abc'],
  ['home and end', 'cho abc\x1b[He\x1b[Fd\r', 'abcd'],
  ['delete', 'echo aXb\x1b[D\x1b[D\x1b[3~\r', 'ab'],
  ['Ctrl-U', 'garbage\x15echo x\r', 'x'],
  ['Ctrl-W', 'echo one two\x17three\r', 'one three'],
  ['Ctrl-A, Ctrl-K', 'ls\x01\x0becho k\r', 'k'],
  ['history', 'echo one\recho two\r\x1b[A\x1b[A\r', 'one'],
  ['completion of a command', 'hostn\t\r', 'db-1'],
  ['completion of a path', 'cat /etc/hostn\t\r', 'db-1'],
  ['variables and quotes', 'A=1; echo "$A-$USER" \'$A\'\r', '1-root $A'],
  ['a pipe', 'cat /etc/passwd | grep www | wc -l\r', '1'],
  ['files', 'echo hi > /tmp/x && cat /tmp/x\r', 'hi'],
]

test.each(edits)('%s', (_name, input, expected) => {
  const { type, output } = open()
  type(input)
  const lines = output().split('\r\n')
  expect(lines.at(-2)?.trim()).toBe(expected)
  expect(lines.at(-1)).toBe('root@db-1:~# ')
})

test('an escape sequence cut by the network is one key', () => {
  const { tty, type, output } = open()
  type('echo ac')
  for (const byte of '\x1b[D') tty.receive(Buffer.from(byte))
  type('b\r')
  expect(output()).toContain('\r\nabc\r\n')
})

test('what commands print comes from the machine', () => {
  const { type, output } = open()
  for (const command of ['hostname', 'nproc', 'free -m', 'ip a', 'df -h', 'uname -r'])
    type(`${command}\r`)
  const text = output()
  for (const expected of ['db-1', '2', '2048', '10.1.2.3/24', '16.0G', '6.12.48'])
    expect(text).toContain(expected)
})

test('a Windows guest has no log-in on its serial port', () => {
  const linux = testMachine().facts()
  const machine = testMachine({
    facts: () => ({ ...linux, system: { ...linux.system, family: 'windows' } }),
  })
  const tty = new Guest(machine, 0).terminal('ttyS0', 80, 24)
  tty.listen({ output: () => undefined })
  tty.receive(Buffer.from('root\r'))
  expect(tty.scrollback).toBe('This guest does not use its serial port.\r\n')
})

test('Ctrl-C drops the line, Ctrl-D logs out', () => {
  const { type, output } = open()
  type('never run\x03')
  expect(output()).toMatch(/\^C\r\nroot@db-1:~# $/)
  type('\x04')
  expect(output()).toMatch(/logout[\s\S]*login: $/)
})

test('top runs until q', () => {
  const { type, output } = open()
  type('top\r')
  expect(output()).toContain('%Cpu(s):')
  type('q')
  expect(output()).toMatch(/root@db-1:~# $/)
})

test('the size of the terminal is taken from its answer and from stty', () => {
  const { tty, type } = open()
  type('\x1b[50;132R')
  expect([tty.rows, tty.columns]).toEqual([50, 132])
  type('stty rows 30 cols 100\r')
  expect([tty.rows, tty.columns]).toEqual([30, 100])
})

test('poweroff and reboot reach the machine once and end the session', async () => {
  for (const command of ['poweroff', 'reboot']) {
    const { type, machine } = open()
    type(`${command}\r`)
    type('poweroff\r')
    await expect.poll(() => machine.calls).toEqual([command])
  }
})

test('the scrollback is bounded', () => {
  const { tty, type } = open()
  for (let round = 0; round < 200; round++) type('cat /proc/cpuinfo /proc/cpuinfo /etc/passwd\r')
  expect(tty.scrollback.length).toBeLessThanOrEqual(32 * 1024)
})

test('no bytes upset it', () => {
  const { tty, type, output } = open()
  let seed = 1
  for (let round = 0; round < 2000; round++) {
    const bytes = Uint8Array.from({ length: 16 }, () => {
      seed = (Math.imul(seed, 1_103_515_245) + 12_345) >>> 0
      return seed >>> 24
    })
    // Without q of top and Enter, which would log out or run what was typed.
    tty.receive(bytes.filter((byte) => byte !== 13 && byte !== 10 && byte !== 4))
  }
  type('\x18\x03')
  output()
  type('\x15echo alive\r')
  expect(output()).toContain('alive')
})

test('keys of a terminal', () => {
  const parse = (text: string): unknown => new KeyParser().parse(new TextEncoder().encode(text))
  expect(parse('\x1bOA')).toEqual([{ kind: 'up' }])
  expect(parse('\x1b[1;5C')).toEqual([{ kind: 'wordRight' }])
  expect(parse('ü')).toEqual([{ kind: 'text', text: 'ü' }])
  expect(parse(`\x1b[${'9'.repeat(100)}A`)).not.toContainEqual({ kind: 'up' })
})
