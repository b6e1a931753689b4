import { describe, expect, test } from 'vitest'
import { EscapeChord, keysymOf, withControl } from './keys.ts'

test('keysyms of characters', () => {
  expect(keysymOf('a')).toBe(0x61)
  expect(keysymOf('é')).toBe(0xe9)
  expect(keysymOf('€')).toBe(0x010020ac)
  expect(keysymOf('😀')).toBe(0x0101f600)
  expect(keysymOf('\n')).toBe(0xff0d)
})

test('control characters', () => {
  expect(withControl('c')).toBe('\x03')
  expect(withControl('[')).toBe('\x1b')
  expect(withControl('1')).toBe('1')
})

describe('the escape chord', () => {
  const event = (type: string, key: string, held: string, altGraph = false) => ({
    type,
    key,
    ctrlKey: held.includes('c'),
    altKey: held.includes('a'),
    shiftKey: held.includes('s'),
    getModifierState: () => altGraph,
  })
  const run = (...events: ReturnType<typeof event>[]) => {
    const chord = new EscapeChord()
    return events.map((each) => chord.handle(each))
  }

  test('leaves when the three are let go', () => {
    expect(
      run(
        event('keydown', 'Control', 'c'),
        event('keydown', 'Alt', 'ca'),
        event('keydown', 'Shift', 'cas'),
        event('keyup', 'Alt', 'cs'),
        event('keyup', 'Shift', 'c'),
      ),
    ).toEqual([false, false, false, true, false])
  })
  test('lets Ctrl + Alt + Shift + a key through', () => {
    const answers = run(
      event('keydown', 'Shift', 'cas'),
      event('keydown', 'F1', 'cas'),
      event('keyup', 'F1', 'cas'),
      event('keyup', 'Shift', 'ca'),
    )
    expect(answers).not.toContain(true)
  })
  test('is not AltGr with Shift', () => {
    expect(
      run(event('keydown', 'Shift', 'cas', true), event('keyup', 'Shift', 'ca', true)),
    ).toEqual([false, false])
  })
})
