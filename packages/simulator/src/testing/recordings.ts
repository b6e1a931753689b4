/** The recorded exchanges with a real xapi, prepared for comparison. */
import { readFileSync, readdirSync } from 'node:fs'

const FOLDER = new URL('../../../../fixtures/recordings/', import.meta.url)

export interface Recording {
  readonly name: string
  readonly request: Buffer
  readonly response: Buffer
}

export const initialDatabase = new URL('initial-database.xml', FOLDER)

/** @param name without number and extension: `xml-login-ok` */
export function recordings(accept: (name: string) => boolean): Recording[] {
  return readdirSync(FOLDER)
    .filter((file) => file.endsWith('.req') && accept(file.slice(0, -4)))
    .toSorted()
    .map((file) => ({
      name: file.slice(0, -4),
      request: readFileSync(new URL(file, FOLDER)),
      response: readFileSync(new URL(file.replace(/req$/, 'resp'), FOLDER)),
    }))
}

/** Head and body of a message. */
export function split(message: Buffer): [head: string, body: Buffer] {
  const end = message.indexOf('\r\n\r\n')
  return [message.subarray(0, end).toString(), message.subarray(end + 4)]
}

/**
 * A response without what differs from pool to pool: refs, uuids, times, tokens, lengths. Order in
 * sets and maps of refs is arbitrary, so both are sorted.
 */
export function shape(message: string): string {
  return message
    .replace(/OpaqueRef:[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}/g, 'REF')
    .replace(/[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}/g, 'UUID')
    .replace(/\d{8}T\d\d:\d\d:\d\d/g, 'TIME')
    .replace(/\d{20},\d{20}/g, 'TOKEN')
    .replace(/content-length: \d+/i, 'content-length: N')
    .replace(/(<value>REF<\/value>)+/g, '<value>REFS</value>')
}
