import { Readable } from 'node:stream'
import { describe, expect, it } from 'vitest'
import Deserializer from 'xmlrpc/lib/deserializer.js'
import { XenApiError } from '../errors.ts'
import { encodeCall } from './encode.ts'

interface MethodCallReader {
  deserializeMethodCall(
    stream: Readable,
    callback: (error: Error | undefined, method: string, params: unknown[]) => void,
  ): void
}

/** What another XML-RPC implementation reads from the call. */
function read(body: Buffer): Promise<{ method: string; params: unknown[] }> {
  const reader = new Deserializer() as Deserializer & MethodCallReader
  return new Promise((resolve, reject) => {
    reader.deserializeMethodCall(Readable.from([body]), (error, method, params) =>
      error ? reject(error) : resolve({ method, params }),
    )
  })
}

describe('encodeCall', () => {
  it('puts the session first and types each parameter by the signature', async () => {
    const body = encodeCall('VM.start', 'OpaqueRef:s', ['OpaqueRef:v', false, true])
    expect(await read(body)).toEqual({
      method: 'VM.start',
      params: ['OpaqueRef:s', 'OpaqueRef:v', false, true],
    })
  })

  it('leaves the session out where a method takes none', async () => {
    const body = encodeCall('session.login_with_password', null, ['root', 'p<&]]>w"\r\n'])
    expect((await read(body)).params).toEqual(['root', 'p<&]]>w"\r\n'])
  })

  it('sends ints as text, floats and dates with their tags, records field by field', () => {
    const text = encodeCall('VM.set_memory_dynamic_max', 's', ['v', 2 ** 40]).toString()
    expect(text).toContain('<string>1099511627776</string>')
    expect(encodeCall('task.set_progress', 's', ['t', 1]).toString()).toContain(
      '<double>1</double>',
    )
    expect(encodeCall('message.get_since', 's', ['20261122T22:08:29Z']).toString()).toContain(
      '<dateTime.iso8601>20261122T22:08:29Z</dateTime.iso8601>',
    )
    const record = {
      VCPUs_max: 2,
      is_a_template: false,
      HVM_shadow_multiplier: 1,
      tags: ['a'],
      other_config: { 'k<&>': 'v' },
      affinity: undefined,
      unknown: 1,
    }
    const created = encodeCall('Async.VM.create', 's', [record]).toString()
    expect(created).toContain('<name>VCPUs_max</name><value><string>2</string></value>')
    expect(created).toContain('<name>HVM_shadow_multiplier</name><value><double>1</double></value>')
    expect(created).toContain('<name>k&lt;&amp;&gt;</name>')
    expect(created).not.toMatch(/affinity|unknown/)
  })

  it.each<[string, unknown[], string]>([
    ['VM.set_memory_dynamic_max', ['v', 1.5], 'INVALID_VALUE'],
    ['VM.set_name_label', ['v', 7], 'INVALID_VALUE'],
    ['VM.set_name_label', ['v', 'a\u0001'], 'INVALID_VALUE'],
    ['VM.set_name_label', ['v', '\ud800'], 'INVALID_VALUE'],
    ['VM.start', ['v', 'yes', false], 'INVALID_VALUE'],
    ['VM.set_tags', ['v', 'tag'], 'INVALID_VALUE'],
    ['VM.set_other_config', ['v', ['k']], 'INVALID_VALUE'],
    ['VM.set_name_label', ['v', 'a', 'b'], 'MESSAGE_PARAMETER_COUNT_MISMATCH'],
    ['VM.nonsense', [], 'MESSAGE_METHOD_UNKNOWN'],
    ['constructor', [], 'MESSAGE_METHOD_UNKNOWN'],
  ])('refuses %s(%j)', (method, params, code) => {
    let error: unknown
    try {
      encodeCall(method, 's', params)
    } catch (thrown) {
      error = thrown
    }
    expect(error).toBeInstanceOf(XenApiError)
    expect(error).toMatchObject({ code })
  })
})
