/**
 * The pool's database: tables of rows with xapi's semantics (PROTOCOL 1.7). Equal writes are
 * silent; every effective write has one generation; relations are kept in both directions under
 * the generation of the write that changed them; deletions are remembered for events, 512 a table.
 *
 * Rows are live: `get` returns the stored object, and a later write shows in it. Never change a
 * row or a value inside one: write a new value.
 */
import type { DataModel } from '@xendeck/xenapi/datamodel'
import type { Random } from '../random.ts'
import type { Class, Field } from '../model/model.ts'
import { indexModel, model as newestModel } from '../model/model.ts'
import { XapiError } from '../rpc/errors.ts'
import type { Value } from './values.ts'
import { equal, initial, isNull } from './values.ts'

export type { Value } from './values.ts'
export { NULL_REF, isNull } from './values.ts'

/** Wire names to values, `uuid` included. */
export type Row = { [field: string]: Value }

export interface Entry {
  readonly cls: string
  readonly ref: string
  readonly row: Row
  /** Generation of the creation. */
  readonly created: number
  /** Generation of the last change, relations included. */
  modified: number
  /** Serialised record, dropped by every change; owned by the wire layer. */
  xml: Buffer | undefined
  json: Buffer | undefined
  older: Entry | undefined
  newer: Entry | undefined
}

export interface Deletion {
  readonly ref: string
  readonly created: number
  readonly deleted: number
}

/** xapi's queue of deletions a table: trimmed to half when full (db_cache_types.ml:239-254). */
const MAX_DELETIONS = 512

class Table {
  readonly cls: Class
  readonly entries = new Map<string, Entry>()
  readonly uuids = new Map<string, string>()
  readonly defaults: [string, Field, Value][]
  /** Relation field → target ref → refs of the rows that point at it. */
  readonly pointing = new Map<string, Map<string, Set<string>>>()
  deletions: Deletion[] = []

  constructor(cls: Class, enums: DataModel['enums']) {
    this.cls = cls
    this.defaults = [...cls.fields].map(([name, field]) => [name, field, initial(field, enums)])
  }
}

export class Database {
  /** Generation of the last effective write. */
  generation = 0
  readonly #tables = new Map<string, Table>()
  readonly #random: Random
  readonly #refs = new Map<string, Table>()
  readonly #listeners = new Set<(cls: string) => void>()
  #newest: Entry | undefined

  constructor(data: DataModel, random: Random) {
    this.#random = random
    const model = data === newestModel.data ? newestModel : indexModel(data)
    for (const cls of model.classes.values()) {
      if (cls.model.in_database) this.#tables.set(cls.name, new Table(cls, data.enums))
    }
  }

  /** Calls back after every effective write, with the class of the row written. */
  listen(listener: (cls: string) => void): () => void {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  get tables(): IterableIterator<string> {
    return this.#tables.keys()
  }

  has(cls: string): boolean {
    return this.#tables.has(cls)
  }

  /**
   * Fields that are missing take the model's default, or the zero of their type. A `set(ref)` that
   * mirrors the other table's `ref` is computed; a value given for it is ignored.
   * @throws Error on an unknown field or a uuid or ref that exists: mistakes of the caller
   */
  create(cls: string, fields: Row, options: { ref?: string } = {}): string {
    const table = this.#table(cls)
    for (const name in fields) this.#field(table, name)
    const ref = options.ref ?? this.#random.ref()
    if (this.#refs.has(ref)) throw new Error(`${ref} exists`)
    const row: Row = {}
    for (const [name, field, value] of table.defaults) {
      const given = fields[name]
      if (field.relation && field.parsed.kind === 'set') {
        row[name] = this.#mirror(field, ref, field.relation.many ? given : undefined) ?? value
      } else row[name] = given === undefined ? value : distinct(field, given)
    }
    const { uuid } = row
    if (table.cls.fields.has('uuid')) {
      if (uuid === '' || uuid === undefined) row['uuid'] = this.#random.uuid()
      const taken = table.uuids.get(String(row['uuid']))
      if (taken) throw new Error(`${cls} ${String(row['uuid'])} exists as ${taken}`)
      table.uuids.set(String(row['uuid']), ref)
    }
    const generation = ++this.generation
    const entry: Entry = {
      cls,
      ref,
      row,
      created: generation,
      modified: generation,
      xml: undefined,
      json: undefined,
      older: undefined,
      newer: undefined,
    }
    table.entries.set(ref, entry)
    this.#refs.set(ref, table)
    this.#append(entry)
    for (const [name, field] of table.defaults) {
      if (!field.relation) continue
      for (const target of targets(field, row[name])) this.#link(table, name, field, ref, target)
    }
    this.#announce(cls)
    return ref
  }

  get(cls: string, ref: string): Row | undefined {
    return this.#tables.get(cls)?.entries.get(ref)?.row
  }

  /** @throws XapiError HANDLE_INVALID[cls, ref] */
  must(cls: string, ref: string): Row {
    return this.entry(cls, ref).row
  }

  /** @throws XapiError HANDLE_INVALID[cls, ref] */
  entry(cls: string, ref: string): Entry {
    const entry = this.#tables.get(cls)?.entries.get(ref)
    if (!entry) throw new XapiError('HANDLE_INVALID', cls, ref)
    return entry
  }

  /**
   * Writes several fields under one generation; equal values are skipped, and a write that changes
   * nothing makes no generation.
   * @throws XapiError HANDLE_INVALID[cls, ref]
   */
  write(cls: string, ref: string, fields: Row): void {
    const table = this.#table(cls)
    const entry = this.entry(cls, ref)
    let changed = false
    for (const name in fields) {
      const field = this.#field(table, name)
      const before = entry.row[name]
      const after = distinct(field, fields[name]!)
      if (equal(before, after)) continue
      if (field.relation && field.parsed.kind === 'set' && !field.relation.many) {
        throw new Error(`${cls}.${name} mirrors ${field.relation.cls}.${field.relation.field}`)
      }
      if (!changed) this.generation++
      changed = true
      entry.row[name] = after
      if (field.relation) this.#relink(table, name, field, ref, before, after)
      if (name === 'uuid') {
        table.uuids.delete(String(before))
        table.uuids.set(String(after), ref)
      }
    }
    if (!changed) return
    this.#touch(entry)
    this.#announce(cls)
  }

  /** @throws XapiError HANDLE_INVALID[cls, ref] */
  destroy(cls: string, ref: string): void {
    const table = this.#table(cls)
    const entry = this.entry(cls, ref)
    const generation = ++this.generation
    table.entries.delete(ref)
    this.#refs.delete(ref)
    if (table.uuids.get(String(entry.row['uuid'])) === ref)
      table.uuids.delete(String(entry.row['uuid']))
    this.#remove(entry)
    for (const [name, field] of table.defaults) {
      if (!field.relation) continue
      for (const target of targets(field, entry.row[name]))
        this.#unlink(table, name, field, ref, target)
    }
    table.deletions.push({ ref, created: entry.created, deleted: generation })
    if (table.deletions.length > MAX_DELETIONS)
      table.deletions = table.deletions.slice(-MAX_DELETIONS / 2)
    this.#announce(cls)
  }

  *all(cls: string): IterableIterator<[string, Row]> {
    for (const entry of this.entries(cls)) yield [entry.ref, entry.row]
  }

  entries(cls: string): IterableIterator<Entry> {
    return this.#table(cls).entries.values()
  }

  count(cls: string): number {
    return this.#tables.get(cls)?.entries.size ?? 0
  }

  byUuid(cls: string, uuid: string): string | undefined {
    return this.#tables.get(cls)?.uuids.get(uuid)
  }

  classOf(ref: string): string | undefined {
    return this.#refs.get(ref)?.cls.name
  }

  /**
   * Makes events see the row as modified without a change (event.inject, PROTOCOL 3.2).
   * @throws XapiError HANDLE_INVALID[cls, ref]
   */
  touch(cls: string, ref: string): void {
    const entry = this.entry(cls, ref)
    this.generation++
    this.#touch(entry)
    this.#announce(cls)
  }

  /** Rows created or modified after the generation, newest change first. */
  *changedSince(generation: number): IterableIterator<Entry> {
    for (let entry = this.#newest; entry && entry.modified > generation; entry = entry.older)
      yield entry
  }

  /** Remembered deletions of one table after the generation, newest first. */
  *deletedSince(cls: string, generation: number): IterableIterator<Deletion> {
    const { deletions } = this.#table(cls)
    for (let i = deletions.length - 1; i >= 0 && deletions[i]!.deleted > generation; i--)
      yield deletions[i]!
  }

  #table(cls: string): Table {
    const table = this.#tables.get(cls)
    if (!table) throw new Error(`class ${cls} has no table`)
    return table
  }

  #field(table: Table, name: string): Field {
    const field = table.cls.fields.get(name)
    if (!field) throw new Error(`class ${table.cls.name} has no field ${name}`)
    return field
  }

  /** Who points at `ref` through the other end of `field`, together with `given`. */
  #mirror(field: Field, ref: string, given: Value | undefined): Value[] | undefined {
    const { cls, field: other } = field.relation!
    const pointing = this.#table(cls).pointing.get(other)?.get(ref)
    if (!Array.isArray(given)) return pointing && [...pointing]
    return pointing ? [...new Set([...given, ...pointing])] : [...new Set(given)]
  }

  #relink(
    table: Table,
    name: string,
    field: Field,
    ref: string,
    before: Value | undefined,
    after: Value,
  ): void {
    const now = new Set(targets(field, after))
    for (const target of targets(field, before)) {
      if (!now.delete(target)) this.#unlink(table, name, field, ref, target)
    }
    for (const target of now) this.#link(table, name, field, ref, target)
  }

  #link(table: Table, name: string, field: Field, ref: string, target: string): void {
    let index = table.pointing.get(name)
    if (!index) table.pointing.set(name, (index = new Map()))
    let pointing = index.get(target)
    if (!pointing) index.set(target, (pointing = new Set()))
    pointing.add(ref)
    const { cls, field: mirror } = field.relation!
    const other = this.#table(cls).entries.get(target)
    const mirrored = other?.row[mirror]
    if (!other || !Array.isArray(mirrored) || mirrored.includes(ref)) return
    other.row[mirror] = [...mirrored, ref]
    this.#point(cls, mirror, target, ref, true)
    this.#touch(other)
  }

  #unlink(table: Table, name: string, field: Field, ref: string, target: string): void {
    const index = table.pointing.get(name)
    const pointing = index?.get(target)
    pointing?.delete(ref)
    if (pointing?.size === 0) index?.delete(target)
    const { cls, field: mirror } = field.relation!
    const other = this.#table(cls).entries.get(target)
    const mirrored = other?.row[mirror]
    if (!other || !Array.isArray(mirrored) || !mirrored.includes(ref)) return
    other.row[mirror] = mirrored.filter((item) => item !== ref)
    this.#point(cls, mirror, target, ref, false)
    this.#touch(other)
  }

  // Of a relation between two sets both ends are indexed.
  #point(cls: string, name: string, from: string, to: string, on: boolean): void {
    const table = this.#table(cls)
    if (!table.cls.fields.get(name)?.relation?.many) return
    let index = table.pointing.get(name)
    if (!index) table.pointing.set(name, (index = new Map()))
    const pointing = index.get(to) ?? new Set()
    if (on) index.set(to, pointing.add(from))
    else pointing.delete(from)
  }

  #touch(entry: Entry): void {
    entry.xml = entry.json = undefined
    if (entry.modified === this.generation) return
    entry.modified = this.generation
    this.#remove(entry)
    this.#append(entry)
  }

  #append(entry: Entry): void {
    entry.older = this.#newest
    entry.newer = undefined
    if (this.#newest) this.#newest.newer = entry
    this.#newest = entry
  }

  #remove(entry: Entry): void {
    if (entry.older) entry.older.newer = entry.newer
    if (entry.newer) entry.newer.older = entry.older
    else this.#newest = entry.older
  }

  #announce(cls: string): void {
    for (const listener of this.#listeners) listener(cls)
  }
}

function distinct(field: Field, value: Value): Value {
  if (field.parsed.kind !== 'set' || !Array.isArray(value) || value.length < 2) return value
  const set = new Set(value)
  return set.size === value.length ? value : [...set]
}

/** The refs a relation's own end points at; the computed end points at nothing. */
function targets(field: Field, value: Value | undefined): string[] {
  if (field.parsed.kind === 'ref') return typeof value === 'string' && !isNull(value) ? [value] : []
  if (!field.relation?.many || !Array.isArray(value)) return []
  return value.filter((item): item is string => typeof item === 'string' && !isNull(item))
}
