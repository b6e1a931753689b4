/** Writes the pool's database as xapi keeps it (PROTOCOL section 12): `GET /pool/xmldbdump`. */
import { stream } from '../http/stream.ts'
import { model } from '../model/model.ts'
import type { Pool } from '../pool.ts'
import type { Behaviour } from '../rpc/registry.ts'
import { encodeSpaces, writeValue } from './sexpr.ts'

/** Fields that the newest xapi writes with a double underscore: those in a namespace of the model. */
const NAMESPACES: Readonly<Record<string, readonly string[]>> = {
  '*': ['name_label', 'name_description', 'qos_algorithm_type', 'qos_algorithm_params'],
  VM: ['memory_*', 'VCPUs_*', 'actions_after_*', 'PV_*', 'HVM_*'],
  VM_metrics: ['memory_actual', 'VCPUs_*'],
  host: ['memory_overhead', 'API_version_*'],
  host_metrics: ['memory_*'],
  VIF_metrics: ['io_*'],
  VBD_metrics: ['io_*'],
  PIF_metrics: ['io_*'],
}

function columnOf(cls: string, field: string): string {
  if (cls === 'pool') return field
  const patterns = [...(NAMESPACES['*'] ?? []), ...(NAMESPACES[cls] ?? [])]
  const isNamed = (pattern: string): boolean =>
    pattern.endsWith('*') ? field.startsWith(pattern.slice(0, -1)) : field === pattern
  const pattern = patterns.find(isNamed)
  if (pattern === undefined) return field
  // The namespace ends where the pattern's last part starts: actions_after_* → actions__after_x.
  if (field.startsWith('actions_after_')) return field.replace('actions_after_', 'actions__after_')
  if (field.startsWith('API_version_')) return field.replace('API_version_', 'API_version__')
  return field.replace('_', '__')
}

function escapeXml(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
}

/** The file in pieces of one row, so that a large pool is never one string. */
export function* writeDatabase(pool: Pool): Generator<string> {
  const [major, minor] = model.data.schema_version
  yield `<?xml version="1.0" encoding="UTF-8"?>\n<database><manifest><pair key="schema_major_vsn" value="${major}"/><pair key="schema_minor_vsn" value="${minor}"/><pair key="generation_count" value="${pool.db.generation}"/></manifest>`
  for (const name of [...pool.db.tables].toSorted()) {
    const cls = model.classes.get(name)
    if (cls === undefined) continue
    if (cls.model.persist === 'nothing' || name === 'session' || name === 'task') {
      yield `<table name="${name}"/>`
      continue
    }
    yield `<table name="${name}">`
    for (const { ref, row, created, modified } of pool.db.entries(name)) {
      let text = `<row ref="${escapeXml(ref)}" __ctime="${created}" __mtime="${modified}" _ref="${escapeXml(ref)}"`
      for (const [field, value] of Object.entries(row))
        text += ` ${columnOf(name, field)}="${escapeXml(encodeSpaces(writeValue(value)))}"`
      yield `${text}/>`
    }
    yield '</table>'
  }
  yield '</database>'
}

/** The route; headers as real xapi sends them (recording pool-xmldbdump). */
export const databaseDump: Behaviour = {
  start(pool) {
    pool.http.route('GET', '/pool/xmldbdump', async (_request, response) => {
      const socket = response.takeOver()
      socket.write(
        'HTTP/1.1 200 OK\r\nConnection: close\r\nCache-Control: no-cache, no-store\r\n\r\n',
      )
      await stream(socket, writeDatabase(pool))
    })
  },
}
