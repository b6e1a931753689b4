/** Every XML reply that was recorded from xapi decodes, with the types of the data model. */
import { readFileSync, readdirSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { XenApiError } from '../errors.ts'
import { decodeBareReply, decodeReply } from './decode.ts'
import { anyType, methodSchema } from './schema.ts'

const folder = new URL('../../../../fixtures/recordings/', import.meta.url)
const names = readdirSync(folder)

function read(name: string): Buffer {
  const file = readFileSync(new URL(name, folder))
  return file.subarray(file.indexOf('\r\n\r\n') + 4)
}

function methodOf(name: string): string {
  const request = readFileSync(new URL(name.replace('.resp', '.req'), folder), 'utf8')
  return /<methodName>(.*?)<\/methodName>/.exec(request)?.[1] ?? ''
}

function find(prefix: string): string {
  const name = names.find((file) => file.startsWith(prefix) && file.endsWith('.resp'))
  if (name === undefined) throw new Error(`no recording ${prefix}`)
  return name
}

/** The reply in pieces of `size` bytes. */
function* pieces(body: Buffer, size: number): Generator<Buffer> {
  for (let at = 0; at < body.length; at += size) yield body.subarray(at, at + size)
}

async function decodeRecording(name: string, size = 1 << 16): Promise<unknown> {
  const method = methodOf(name)
  const body = read(name)
  if (method === 'system.listMethods') return decodeBareReply(pieces(body, size))
  try {
    return await decodeReply(pieces(body, size), methodSchema(method)?.result ?? anyType)
  } catch (error) {
    // A failure is a well-formed reply too.
    if (error instanceof XenApiError) return { code: error.code, params: error.params }
    throw error
  }
}

const xml = names.filter(
  (name) =>
    name.endsWith('.resp') && read(name).subarray(0, 200).toString().includes('<methodResponse'),
)

describe('recorded replies', () => {
  it('are there', () => {
    expect(xml.length).toBeGreaterThan(250)
  })

  it('all decode, and alike in pieces of 61 bytes', async () => {
    for (const name of xml) {
      const whole = await decodeRecording(name)
      expect({ name, value: await decodeRecording(name, 61) }).toEqual({ name, value: whole })
    }
  })

  it('of small size decode alike byte by byte', async () => {
    for (const name of xml.filter((file) => read(file).length < 3000)) {
      const value = await decodeRecording(name)
      expect({ name, value: await decodeRecording(name, 1) }).toEqual({ name, value })
    }
  })

  // The JSON-RPC answers to the same calls were recorded minutes later: what had changed by then
  // is left out of the comparison.
  it.each([
    ['131-', '132-', []],
    ['046-', '263-', ['resident_VMs']],
    ['049-', '264-', ['memory_free']],
    ['036-', '268-', ['name_description', 'tags']],
  ])('%s equals the JSON of %s', async (xmlPrefix, jsonPrefix, changing) => {
    const decoded = await decodeRecording(find(xmlPrefix))
    const twin: unknown = JSON.parse(read(find(jsonPrefix)).toString()).result
    const strip = (value: unknown): unknown =>
      JSON.parse(JSON.stringify(value), (key, part: unknown) =>
        changing.includes(key) ? undefined : part,
      )
    expect(strip(decoded)).toEqual(strip(twin))
  })

  it('recover the member names that xapi does not escape', async () => {
    expect(await decodeRecording(find('131-'))).toMatchObject({ 'k<&>': 'v<&>"\'' })
  })

  it('give a snapshot the types of its class', async () => {
    const batch = await decodeRecording(find('191-'))
    expect(batch).toMatchObject({
      token: expect.stringMatching(/^\d+,\d+$/),
      valid_ref_counts: { vm: expect.any(Number) },
      events: expect.arrayContaining([
        expect.objectContaining({
          class: 'vm',
          snapshot: expect.objectContaining({
            VCPUs_max: expect.any(Number),
            is_a_template: expect.any(Boolean),
            snapshot_time: '19700101T00:00:00Z',
          }),
        }),
      ]),
    })
  })
})
