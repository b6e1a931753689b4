/** message.*, the calls (PROTOCOL 3.4). */
import { fromIso } from '../clock.ts'
import type { Row } from '../db/database.ts'
import { model } from '../model/model.ts'
import { XapiError } from '../rpc/errors.ts'
import { parseFilter } from '../rpc/filter.ts'
import type { Behaviour } from '../rpc/registry.ts'
import type { Message, Messages } from './messages.ts'

function records(messages: Messages, wanted: (message: Row) => boolean): Row {
  return Object.fromEntries(messages.all().filter(([, message]) => wanted(message)))
}

function since(text: string): (message: Message) => boolean {
  const time = fromIso(text)
  return ({ timestamp }) => fromIso(timestamp) >= time
}

/** @throws XapiError INVALID_VALUE[key, value] for a filter there is none of, or no time */
function filterOf(key: string, value: string): (message: Message) => boolean {
  if (key === 'priority') return ({ priority }) => String(priority) === value
  const time = fromIso(value)
  if (Number.isNaN(time) || (key !== 'after' && key !== 'before'))
    throw new XapiError('INVALID_VALUE', key, value)
  return key === 'after'
    ? ({ timestamp }) => fromIso(timestamp) > time
    : ({ timestamp }) => fromIso(timestamp) < time
}

export const messageCalls: Behaviour = {
  handlers: {
    'message.create': (
      { pool },
      name: string,
      priority: number,
      cls: string,
      uuid: string,
      body: string,
    ) => pool.messages.create(name, Number(priority), cls, uuid, body),
    'message.destroy': ({ pool }, ref: string) => pool.messages.destroy(ref),
    'message.destroy_many': ({ pool }, refs: string[]) => {
      for (const ref of refs) pool.messages.destroy(ref)
    },
    'message.destroy_all': ({ pool }, filters: Record<string, string>) => {
      const wanted = Object.entries(filters).map(([key, value]) => filterOf(key, value))
      for (const [ref, message] of pool.messages.all())
        if (wanted.every((accepts) => accepts(message))) pool.messages.destroy(ref)
    },
    'message.get_all': ({ pool }) => pool.messages.all().map(([ref]) => ref),
    'message.get_all_records': ({ pool }) => records(pool.messages, () => true),
    'message.get_all_records_where': ({ pool }, expression: string) =>
      records(pool.messages, parseFilter(expression, model.classes.get('message')!.fields)),
    'message.get_record': ({ pool }, ref: string) => pool.messages.must(ref),
    'message.get_by_uuid': ({ pool }, uuid: string) => {
      const ref = pool.messages.byUuid(uuid)
      if (ref === undefined) throw new XapiError('UUID_INVALID', 'message', uuid)
      return ref
    },
    'message.get': ({ pool }, cls: string, uuid: string, from: string) => {
      const recent = since(from)
      return Object.fromEntries(
        pool.messages
          .all()
          .filter(
            ([, message]) => message.cls === cls && message.obj_uuid === uuid && recent(message),
          ),
      )
    },
    'message.get_since': ({ pool }, from: string) => {
      const recent = since(from)
      return Object.fromEntries(pool.messages.all().filter(([, message]) => recent(message)))
    },
  },
}
