/** Records of rows and events as text, from the cache each row keeps. */
import type { Entry } from '../db/database.ts'
import type { Batch, PoolEvent } from '../events/events.ts'
import { Rendered, entryJson, entryXml, escape, json, xmlContent } from './marshal.ts'

export function entryRecord(entry: Entry): Rendered {
  return new Rendered(
    () => [entryXml(entry)],
    () => [entryJson(entry)],
  )
}

/** A map of refs to records. Entries are read when the text is made, all in one turn. */
export function entryRecords(entries: () => Entry[]): Rendered {
  const xml = () => {
    const parts: Buffer[] = [Buffer.from('<struct>')]
    for (const entry of entries()) {
      parts.push(
        Buffer.from(`<member><name>${entry.ref}</name><value>`),
        entryXml(entry),
        XML_MEMBER_END,
      )
    }
    parts.push(Buffer.from('</struct>'))
    return parts
  }
  const text = () => {
    const parts: Buffer[] = [Buffer.from('{')]
    let comma = ''
    for (const entry of entries()) {
      parts.push(Buffer.from(`${comma}"${entry.ref}":`), entryJson(entry))
      comma = ','
    }
    parts.push(Buffer.from('}'))
    return parts
  }
  return new Rendered(xml, text, entries)
}

const XML_MEMBER_END = Buffer.from('</value></member>')
const XML_EVENT_END = Buffer.from('</struct></value>')

/** The value of event.from: `{events, valid_ref_counts, token}`. */
export function eventBatch(batch: Batch): Rendered {
  const { events, validRefCounts, token } = batch
  const xml = () => {
    const parts: Buffer[] = [Buffer.from('<struct><member><name>events</name><value><array><data>')]
    for (const event of events) parts.push(...eventXml(event))
    let counts = ''
    for (const [name, count] of Object.entries(validRefCounts)) {
      counts += `<member><name>${name}</name><value><i4>${count}</i4></value></member>`
    }
    parts.push(
      Buffer.from(
        `</data></array></value></member><member><name>valid_ref_counts</name><value><struct>${counts}</struct></value></member>` +
          `<member><name>token</name><value>${token}</value></member></struct>`,
      ),
    )
    return parts
  }
  const text = () => {
    const parts: Buffer[] = [Buffer.from('{"events":[')]
    events.forEach((event, i) => parts.push(...eventJson(event, i > 0)))
    parts.push(
      Buffer.from(`],"valid_ref_counts":${JSON.stringify(validRefCounts)},"token":"${token}"}`),
    )
    return parts
  }
  const entries = events.flatMap(({ entry }) => (entry ? [entry] : []))
  return new Rendered(xml, text, () => entries)
}

const MESSAGE = { kind: 'record', name: 'message' } as const

function eventXml({ id, class: cls, operation, ref, entry, message }: PoolEvent): Buffer[] {
  const head =
    `<value><struct><member><name>id</name><value>${id}</value></member><member><name>timestamp</name><value>0.0</value></member>` +
    `<member><name>class</name><value>${cls}</value></member><member><name>operation</name><value>${operation}</value></member>` +
    `<member><name>ref</name><value>${escape(ref)}</value></member>`
  const snapshot = entry ? entryXml(entry) : message && Buffer.from(xmlContent(MESSAGE, message))
  if (!snapshot) return [Buffer.from(head), XML_EVENT_END]
  const opened = `${head}<member><name>snapshot</name><value>`
  return [Buffer.from(opened), snapshot, XML_MEMBER_END, XML_EVENT_END]
}

function eventJson(
  { id, class: cls, operation, ref, entry, message }: PoolEvent,
  comma: boolean,
): Buffer[] {
  const head = `${comma ? ',' : ''}{"id":"${id}","timestamp":"0.0","class":"${cls}","operation":"${operation}","ref":${JSON.stringify(ref)}`
  const snapshot = entry ? entryJson(entry) : message && Buffer.from(json(MESSAGE, message))
  if (!snapshot) return [Buffer.from(`${head}}`)]
  return [Buffer.from(`${head},"snapshot":`), snapshot, Buffer.from('}')]
}
