/** The messages every class has by generation (PROTOCOL 1.6). */
import type { Entry, Row, Value } from '../db/database.ts'
import type { Class, Message } from '../model/model.ts'
import { model } from '../model/model.ts'
import type { Pool } from '../pool.ts'
import { Rendered } from '../wire/marshal.ts'
import { entryRecord, entryRecords } from '../wire/records.ts'
import { XapiError } from './errors.ts'
import { parseFilter } from './filter.ts'
import type { Behaviour, Call, Handler } from './registry.ts'

export type Body = (
  call: Call,
  ...params: Value[]
) => Value | void | Rendered | Promise<Value | void | Rendered>

/** The generic body of a message; undefined for custom ones and for classes without a table. */
export function genericBody(message: Message): Body | undefined {
  const cls = model.classes.get(message.cls)
  if (!cls?.model.in_database) return undefined
  const { name } = cls
  const field = message.model.field ?? ''
  switch (message.model.kind) {
    case 'get_all':
      return ({ pool }) => [...pool.db.entries(name)].map((entry) => entry.ref)
    case 'get_all_where':
      return ({ pool }, expression) =>
        matching(pool, cls, String(expression)).map((entry) => entry.ref)
    case 'get_all_records':
      return ({ pool }) => entryRecords(() => [...pool.db.entries(name)])
    case 'get_all_records_where':
      return ({ pool }, expression) => {
        const entries = matching(pool, cls, String(expression))
        return entryRecords(() => entries)
      }
    case 'get_record':
      return ({ pool }, ref) => entryRecord(pool.db.entry(name, String(ref)))
    case 'get_by_uuid':
      return ({ pool }, uuid) => byUuid(pool, name, String(uuid))
    case 'get_by_name_label':
      return ({ pool }, label) =>
        [...pool.db.entries(name)]
          .filter(({ row }) => row['name_label'] === label)
          .map(({ ref }) => ref)
    case 'getter':
      return ({ pool }, ref) => pool.db.must(name, String(ref))[field]
    case 'setter':
      return (call, ref, value) => write(call, name, String(ref), field, value!)
    case 'add':
      return (call, ref, ...rest) => add(call, cls, String(ref), field, rest)
    case 'remove':
      return (call, ref, key) => remove(call, name, String(ref), field, String(key))
    case 'create':
      return ({ pool }, record) => pool.db.create(name, record as Row)
    case 'destroy':
      return ({ pool }, ref) => pool.db.destroy(name, String(ref))
    default:
      return undefined
  }
}

/** Handlers by method: the behaviours' over the generic ones; later behaviours win. */
export function bodies(behaviours: readonly Behaviour[]): Map<string, Body> {
  const found = new Map<string, Body>()
  for (const message of model.messages.values()) {
    const body = genericBody(message)
    if (body) found.set(message.method, body)
  }
  for (const { handlers = {} } of behaviours) {
    for (const [method, handler] of Object.entries<Handler>(handlers)) {
      if (!model.messages.has(method)) throw new Error(`the data model has no message ${method}`)
      found.set(method, handler)
    }
  }
  return found
}

function matching(pool: Pool, cls: Class, expression: string): Entry[] {
  const predicate = parseFilter(expression, cls.fields)
  return [...pool.db.entries(cls.name)].filter((entry) => predicate(entry.row))
}

function byUuid(pool: Pool, cls: string, uuid: string): string {
  const ref = pool.db.byUuid(cls, uuid)
  if (ref === undefined) throw new XapiError('UUID_INVALID', cls, uuid)
  return ref
}

// What XML cannot carry the database refuses (db_cache_impl.ml:85-110).
// eslint-disable-next-line no-control-regex -- these are the characters in question
const ILLEGAL = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/

/** @throws XapiError INTERNAL_ERROR["Db_exn.Invalid_value"] */
export function assertLegal(value: Value): void {
  if (typeof value === 'string') {
    if (ILLEGAL.test(value)) throw new XapiError('INTERNAL_ERROR', 'Db_exn.Invalid_value')
  } else if (Array.isArray(value)) value.forEach(assertLegal)
  else if (typeof value === 'object') {
    for (const [key, item] of Object.entries(value)) {
      if (key === '') throw new XapiError('INTERNAL_ERROR', 'Db_exn.Empty_key_in_map')
      assertLegal(key)
      assertLegal(item)
    }
  }
}

function write(call: Call, cls: string, ref: string, field: string, value: Value): void {
  call.pool.db.must(cls, ref)
  assertLegal(value)
  call.pool.db.write(cls, ref, { [field]: value })
  written(call, cls, ref, field)
}

function written(call: Call, cls: string, ref: string, field: string): void {
  for (const behaviour of call.pool.behaviours) behaviour.afterWrite?.(call, cls, ref, field)
}

/** `add_to_<map>(self, key, value)` and `add_<set>(self, value)`. */
function add(call: Call, cls: Class, ref: string, field: string, [key = '', value]: Value[]): void {
  const before = call.pool.db.must(cls.name, ref)[field]
  if (value === undefined) {
    write(call, cls.name, ref, field, [...(Array.isArray(before) ? before : []), key])
    return
  }
  const map = before as Row
  if (Object.hasOwn(map, String(key))) {
    throw new XapiError('MAP_DUPLICATE_KEY', cls.name, field, ref, String(key))
  }
  write(call, cls.name, ref, field, { ...map, [String(key)]: value })
}

function remove(call: Call, cls: string, ref: string, field: string, key: string): void {
  const before = call.pool.db.must(cls, ref)[field]
  if (Array.isArray(before)) {
    write(
      call,
      cls,
      ref,
      field,
      before.filter((item) => item !== key),
    )
    return
  }
  const { [key]: _removed, ...rest } = before as Row
  call.pool.db.write(cls, ref, { [field]: rest })
  written(call, cls, ref, field)
}
