import { dataModel } from '@xendeck/xenapi/datamodel'
import { beforeEach, describe, expect, test } from 'vitest'
import { Random } from '../random.ts'
import { model } from '../model/model.ts'
import { Database } from './database.ts'
import { initial } from './values.ts'

let db: Database

beforeEach(() => {
  db = new Database(dataModel, new Random(1))
})

/** What changed since, as `class operation`. */
function changes(since: number): string[] {
  return [...db.changedSince(since)]
    .map((entry) => `${entry.cls} ${entry.created > since ? 'add' : 'mod'}`)
    .toSorted()
}

describe('writes', () => {
  test('an equal value makes no generation, whatever its type', () => {
    const vm = db.create('VM', {
      name_label: 'a',
      tags: ['x', 'y'],
      other_config: { a: '1', b: '2' },
      memory_target: 5,
    })
    const before = db.generation
    db.write('VM', vm, {
      name_label: 'a',
      tags: ['x', 'y'],
      other_config: { b: '2', a: '1' },
      memory_target: 5,
    })
    expect(db.generation).toBe(before)
    expect(changes(before)).toEqual([])
  })

  test('several fields share one generation, and listeners hear once', () => {
    const vm = db.create('VM', {})
    const heard: string[] = []
    db.listen((cls) => heard.push(cls))
    const before = db.generation
    db.write('VM', vm, { name_label: 'b', name_description: 'c' })
    expect(db.generation).toBe(before + 1)
    expect(heard).toEqual(['VM'])
  })

  test('sets lose their duplicates', () => {
    const vm = db.create('VM', { tags: ['a', 'b', 'a'] })
    expect(db.must('VM', vm)['tags']).toEqual(['a', 'b'])
    db.write('VM', vm, { tags: ['c', 'c'] })
    expect(db.must('VM', vm)['tags']).toEqual(['c'])
  })

  test('an unknown field or class is a mistake of the caller', () => {
    expect(() => db.create('VM', { nonsense: 1 })).toThrow('no field nonsense')
    expect(() => db.create('Nonsense', {})).toThrow('no table')
    expect(() => db.must('VM', 'OpaqueRef:x')).toThrow(
      expect.objectContaining({ code: 'HANDLE_INVALID', params: ['VM', 'OpaqueRef:x'] }),
    )
  })
})

describe('relations', () => {
  test('a new reference shows on the other side under the same generation', () => {
    const vm = db.create('VM', {})
    const vdi = db.create('VDI', {})
    const before = db.generation
    const vbd = db.create('VBD', { VM: vm, VDI: vdi })
    expect(db.generation).toBe(before + 1)
    expect(changes(before)).toEqual(['VBD add', 'VDI mod', 'VM mod'])
    expect(db.must('VM', vm)['VBDs']).toEqual([vbd])
    expect(db.must('VDI', vdi)['VBDs']).toEqual([vbd])
  })

  test('moving and destroying keep both sides in step', () => {
    const [a, b] = [db.create('VM', {}), db.create('VM', {})]
    const vif = db.create('VIF', { VM: a })
    db.write('VIF', vif, { VM: b })
    expect(db.must('VM', a)['VIFs']).toEqual([])
    expect(db.must('VM', b)['VIFs']).toEqual([vif])
    db.destroy('VIF', vif)
    expect(db.must('VM', b)['VIFs']).toEqual([])
  })

  test('references may dangle, and are found when their target appears', () => {
    const ref = 'OpaqueRef:later'
    const vbd = db.create('VBD', { VM: ref })
    db.create('VM', { VBDs: ['OpaqueRef:nonsense'] }, { ref })
    expect(db.must('VM', ref)['VBDs']).toEqual([vbd])
    db.destroy('VM', ref)
    expect(db.must('VBD', vbd)['VM']).toBe(ref)
    expect(() => db.write('VM', db.create('VM', {}), { VBDs: [vbd] })).toThrow('mirrors')
  })

  test('sets of references mirror sets of references', () => {
    const group = db.create('VM_group', {})
    const vm = db.create('VM', { groups: [group] })
    expect(db.must('VM_group', group)['VMs']).toEqual([vm])
    db.write('VM_group', group, { VMs: [] })
    expect(db.must('VM', vm)['groups']).toEqual([])
    db.write('VM_group', group, { VMs: [vm] })
    db.destroy('VM', vm)
    expect(db.must('VM_group', group)['VMs']).toEqual([])
  })
})

describe('deletions', () => {
  test('the queue of a table holds 512 and is halved when it overflows', () => {
    const refs = Array.from({ length: 513 }, () => db.create('network', {}))
    const before = db.generation
    for (const ref of refs.slice(0, 512)) db.destroy('network', ref)
    expect([...db.deletedSince('network', before)]).toHaveLength(512)
    db.destroy('network', refs[512]!)
    const kept = [...db.deletedSince('network', before)]
    expect(kept).toHaveLength(256)
    expect(kept[0]!.ref).toBe(refs[512])
  })
})

test('defaults of ints are numbers, though the data model writes some as text', () => {
  const texts = [...model.classes.values()].flatMap(({ name, fields }) =>
    [...fields.values()]
      .filter(({ parsed }) => parsed.kind === 'int')
      .filter((field) => typeof initial(field, model.data.enums) !== 'number')
      .map((field) => `${name}.${field.name}`),
  )
  expect(texts).toEqual([])
})

test('the same seed gives the same refs and uuids', () => {
  const again = new Database(dataModel, new Random(1))
  const [a, b] = [db.create('VM', {}), again.create('VM', {})]
  expect(a).toBe(b)
  expect(db.must('VM', a)['uuid']).toBe(again.must('VM', b)['uuid'])
})
