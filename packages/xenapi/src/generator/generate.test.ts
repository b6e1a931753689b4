import { readFileSync, readdirSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { dataModel } from '../datamodel.ts'
import { generate } from './generate.ts'
import { codeOf, parseType, recordName, typescriptOf } from './types.ts'

const folder = new URL('../generated/', import.meta.url)

describe('the generated sources', () => {
  it('are up to date with the data model and the generator', () => {
    const files = generate(dataModel)
    expect(readdirSync(folder).toSorted()).toEqual([...files.keys()].toSorted())
    for (const [name, text] of files) {
      // Compared as booleans: a diff of a megabyte helps nobody. Run `npm run generate`.
      const fresh = readFileSync(new URL(name, folder), 'utf8') === text
      expect({ name, fresh }).toEqual({ name, fresh: true })
    }
  })

  it('cover the whole model', () => {
    const files = generate(dataModel)
    const count = (name: string, pattern: RegExp): number =>
      [...(files.get(name) ?? '').matchAll(pattern)].length
    expect(count('methods.ts', /^ {2}'[\w.]+': \{ params/gm)).toBe(2258)
    expect(count('records.ts', /^export interface \w+Record \{/gm)).toBe(73)
    expect(count('errors.ts', /^ {2}\w+: \[/gm)).toBe(605)
  })
})

describe('the type language', () => {
  it.each([
    ['secretstring', 'string', 's'],
    ['set(ref VM)', "readonly Ref<'VM'>[]", '[s'],
    ['set(set(string))', 'readonly (readonly string[])[]', '[[s'],
    ['map(int,float)', 'Readonly<Record<string, number>>', '{f'],
    ['map(ref VM,record VM)', 'Readonly<Record<string, VMRecord>>', '{@VM;'],
    ['option(record sr_stat)', 'SrStatRecord | undefined', '?@sr_stat;'],
    ['map(string,enum vm_operations)', "Readonly<Record<string, Enums['vm_operations']>>", '{s'],
  ])('%s', (text, typescript, code) => {
    expect(typescriptOf(parseType(text))).toBe(typescript)
    expect(codeOf(parseType(text))).toBe(code)
  })

  it('refuses what it does not know', () => {
    expect(() => parseType('tuple(int)')).toThrow('unknown type')
    expect(recordName('VM_guest_metrics')).toBe('VMGuestMetricsRecord')
  })
})
