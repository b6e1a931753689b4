import { Readable } from 'node:stream'
import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import Deserializer from 'xmlrpc/lib/deserializer.js'
import { DecodeError, XenApiError } from '../errors.ts'
import { decodeBareReply, decodeFragment, decodeReply } from './decode.ts'
import { DEFAULT_LIMITS } from './limits.ts'
import type { DecodeLimits } from './limits.ts'
import { anyType, methodSchema, recordType } from './schema.ts'
import type { WireType } from './schema.ts'

const PROLOG = '<?xml version="1.0"?>'

function reply(value: string): string {
  return `${PROLOG}<methodResponse><params><param>${value}</param></params></methodResponse>`
}

function success(value: string): string {
  return reply(
    `<value><struct><member><name>Status</name><value>Success</value></member><member><name>Value</name>${value}</member></struct></value>`,
  )
}

function resultType(method: string): WireType {
  const schema = methodSchema(method)
  if (!schema) throw new Error(`no method ${method}`)
  return schema.result
}

function decode(text: string | Buffer, type = anyType, limits?: Partial<DecodeLimits>) {
  return decodeBareReply([Buffer.from(text)], type, { ...DEFAULT_LIMITS, ...limits })
}

async function failure(promise: Promise<unknown>): Promise<DecodeError> {
  const error: unknown = await promise.then(
    () => new Error('it was decoded'),
    (reason: unknown) => reason,
  )
  if (!(error instanceof DecodeError)) throw error
  return error
}

describe('values', () => {
  it.each([
    ['<value>text</value>', 'text'],
    ['<value></value>', ''],
    ['<value/>', ''],
    ['<value>  kept  </value>', '  kept  '],
    ['<value><string>a&lt;b&amp;c&gt;&quot;&apos;</string></value>', 'a<b&c>"\''],
    ['<value>&#65;&#x20AC;&#x1F600;</value>', 'A€😀'],
    ['<value>a<!-- no -->b<![CDATA[<&]]>c</value>', 'ab<&c'],
    ['<value> <int>-7</int> </value>', -7],
    ['<value><i4>7</i4></value>', 7],
    ['<value><i8>9007199254740991</i8></value>', 9007199254740991],
    ['<value><boolean>1</boolean></value>', true],
    ['<value><boolean>0</boolean></value>', false],
    ['<value><double>1e+300</double></value>', 1e300],
    ['<value><double>nan</double></value>', Number.NaN],
    ['<value><double>-inf</double></value>', Number.NEGATIVE_INFINITY],
    [
      '<value><dateTime.iso8601>20261122T22:08:29Z</dateTime.iso8601></value>',
      '20261122T22:08:29Z',
    ],
    ['<value><base64>aGk=</base64></value>', Buffer.from('hi')],
    ['<value><nil/></value>', null],
    ['<value><array><data/></array></value>', []],
    ['<value><struct/></value>', {}],
    ['<value>\r\n</value>', '\r\n'],
    ['<value>Grüße ✓ 😀</value>', 'Grüße ✓ 😀'],
  ])('%s', async (xml, value) => {
    expect(await decode(reply(xml))).toEqual(value)
    const bytes = [...Buffer.from(reply(xml))].map((byte) => Buffer.of(byte))
    expect(await decodeBareReply(bytes)).toEqual(value)
  })

  it('stand in a document with white space, comments and a byte order mark', async () => {
    const xml = `\ufeff${PROLOG}\n<!-- - -- -->\n<methodResponse>\n <params>\n  <param>
      <value> <array> <data> <value> <struct> <member> <name>a</name> <value> <int>1</int> </value>
      </member> </struct> </value> <?x y?> </data> </array> </value> </param> </params> </methodResponse>\n`
    expect(await decode(xml)).toEqual([{ a: 1 }])
  })

  it('take __proto__ and constructor as names like any other', async () => {
    const member = (name: string): string =>
      `<member><name>${name}</name><value><struct><member><name>x</name><value>1</value></member></struct></value></member>`
    const xml = reply(
      `<value><struct>${member('__proto__')}${member('constructor')}</struct></value>`,
    )
    const value = await decode(xml)
    expect(Object.keys(value as object)).toEqual(['__proto__', 'constructor'])
    expect((value as Record<string, unknown>)['x']).toBeUndefined()
    expect((value as Record<string, unknown>)['toString']).toBeUndefined()
    const record = await decode(xml, recordType('VM'))
    expect(Object.hasOwn(record as object, '__proto__')).toBe(true)
    expect({}).not.toHaveProperty('x')
  })

  it.each([
    ['a<b', 'a<b'],
    ['a&b', 'a&b'],
    ['a&amp;b', 'a&b'],
    ['</member>', '</member>'],
    ['<![CDATA[k]]>', 'k'],
    ['Ünï', 'Ünï'],
  ])('have the member name %s', async (raw, name) => {
    const xml = `<value><struct><member><name>${raw}</name><value>1</value></member></struct></value>`
    expect(await decode(reply(xml))).toEqual({ [name]: '1' })
  })
})

describe('types of the data model', () => {
  it('turn untyped text into numbers and fill in what an old server does not send', async () => {
    const xml = success(
      '<value><struct><member><name>uuid</name><value>u</value></member><member><name>memory_target</name><value>68719476736</value></member><member><name>newer_than_us</name><value>1</value></member></struct></value>',
    )
    const record = await decodeReply([Buffer.from(xml)], resultType('VM.get_record'))
    expect(record).toMatchObject({
      uuid: 'u',
      memory_target: 68719476736,
      newer_than_us: '1',
      tags: [],
      other_config: {},
      is_a_template: false,
      suspend_VDI: 'OpaqueRef:NULL',
    })
  })

  it.each([
    ['VM.get_memory_target', '<value>abc</value>'],
    ['VM.get_memory_target', '<value><struct></struct></value>'],
    ['VM.get_tags', '<value>text</value>'],
    ['VM.get_name_label', '<value><array><data></data></array></value>'],
    ['VM.get_record', '<value><array><data></data></array></value>'],
    ['VM.get_other_config', '<value></value>'],
    ['VM.get_is_a_template', '<value>maybe</value>'],
    [
      'VM.get_all_records',
      '<value><struct><member><name>r</name><value>x</value></member></struct></value>',
    ],
  ])('refuse for %s: %s', async (method, value) => {
    const error = await failure(decodeReply([Buffer.from(success(value))], resultType(method)))
    expect(error.reason).toBe('type')
  })

  it('types a snapshot that comes before its class', async () => {
    const xml = success(
      '<value><struct><member><name>events</name><value><array><data><value><struct><member><name>snapshot</name><value><struct><member><name>VCPUs_max</name><value>4</value></member></struct></value></member><member><name>class</name><value>vm</value></member></struct></value></data></array></value></member></struct></value>',
    )
    const batch = await decodeReply([Buffer.from(xml)], resultType('event.from'))
    expect(batch).toMatchObject({ events: [{ snapshot: { VCPUs_max: 4, tags: [] } }] })
  })

  it('decode the result of a task', () => {
    expect(decodeFragment('<value>OpaqueRef:1</value>')).toBe('OpaqueRef:1')
    expect(decodeFragment('<value><array><data><value>a</value></data></array></value>')).toEqual([
      'a',
    ])
    expect(() => decodeFragment('<value>a</value><value>b</value>')).toThrow(DecodeError)
    expect(() => decodeFragment('<value>a')).toThrow(DecodeError)
  })

  it('give a failure its code and parameters', async () => {
    const xml = reply(
      '<value><struct><member><name>Status</name><value>Failure</value></member><member><name>ErrorDescription</name><value><array><data><value>HANDLE_INVALID</value><value>VM</value></data></array></value></member></struct></value>',
    )
    const promise = decodeReply([Buffer.from(xml)], anyType)
    await expect(promise).rejects.toEqual(new XenApiError('HANDLE_INVALID', ['VM']))
  })
})

const deep = (levels: number): string =>
  reply('<value><array><data>'.repeat(levels) + '</data></array></value>'.repeat(levels))
const member = '<member><name>a</name><value>b</value></member>'

describe('hostile replies', () => {
  it.each<[string, string, string, Partial<DecodeLimits>?]>([
    ['nothing', '', 'truncated'],
    ['HTML', '<html><body>500</body></html>', 'structure'],
    ['text', 'hello', 'syntax'],
    ['a fault', '<methodResponse><fault></fault></methodResponse>', 'structure'],
    ['wrong nesting', reply('<value><array><data></array></data></value>'), 'structure'],
    ['a wrong end tag', reply('<value><int>1</i4></value>'), 'structure'],
    ['two values', reply('<value>1</value><value>2</value>'), 'structure'],
    ['text after a type', reply('<value><int>1</int>x</value>'), 'syntax'],
    ['text before a type', reply('<value>x<int>1</int></value>'), 'structure'],
    ['an unknown type', reply('<value><float>1</float></value>'), 'structure'],
    [
      'a member without a value',
      reply('<value><struct><member></member></struct></value>'),
      'structure',
    ],
    ['a second document', reply('<value/>') + reply('<value/>'), 'structure'],
    ['a bad int', reply('<value><int>1x</int></value>'), 'type'],
    ['an unknown entity', reply('<value>&nbsp;</value>'), 'entity'],
    ['an open entity', reply('<value>a & b</value>'), 'entity'],
    ['a forbidden character', reply('<value>&#0;</value>'), 'entity'],
    ['half of a character', reply('<value>&#xD800;</value>'), 'entity'],
    ['a character too large', reply('<value>&#x110000;</value>'), 'entity'],
    [
      'entity declarations',
      '<!DOCTYPE x [<!ENTITY a "b"><!ENTITY c "&a;&a;">]>' + reply('<value>&c;</value>'),
      'syntax',
    ],
    ['a tag without an end', `<methodResponse ${'x'.repeat(2000)}`, 'syntax'],
    ['nesting', deep(65), 'depth'],
    [
      'much nesting',
      '<methodResponse><params><param>' + '<value><array><data>'.repeat(100_000),
      'depth',
    ],
    ['a long text', reply(`<value>${'x'.repeat(200)}</value>`), 'string', { string: 100 }],
    [
      'a long typed text',
      reply(`<value><string>${'x'.repeat(200)}</string></value>`),
      'string',
      { string: 100 },
    ],
    [
      'a long text in parts',
      reply(`<value>${'x<!---->'.repeat(200)}</value>`),
      'string',
      { string: 100 },
    ],
    [
      'a long CDATA',
      reply(`<value><![CDATA[${'x'.repeat(200)}]]></value>`),
      'string',
      { string: 100 },
    ],
    [
      'a long name',
      reply(`<value><struct><member><name>${'n'.repeat(200)}`),
      'name',
      { name: 100 },
    ],
    [
      'many members',
      reply(`<value><struct>${member.repeat(20)}</struct></value>`),
      'members',
      { members: 10 },
    ],
    [
      'many values',
      reply(`<value><array><data>${'<value/>'.repeat(20)}</data></array></value>`),
      'values',
      { values: 10 },
    ],
    ['many bytes', reply(`<value>${'x'.repeat(200)}</value>`), 'bytes', { bytes: 100 }],
  ])('%s', async (_name, xml, reason, limits) => {
    expect((await failure(decode(xml, anyType, limits))).reason).toBe(reason)
    const bytes = [...Buffer.from(xml.slice(0, 5000))].map((byte) => Buffer.of(byte))
    await failure(decodeBareReply(bytes, anyType, { ...DEFAULT_LIMITS, ...limits }))
  })

  it('stops within its limits on a text that does not end', async () => {
    const chunk = Buffer.alloc(65_536, 'x')
    let sent = 0
    function* endless(): Generator<Buffer> {
      yield Buffer.from('<methodResponse><params><param><value>')
      for (; sent < 2 ** 31; sent += chunk.length) yield chunk
    }
    const limits = { ...DEFAULT_LIMITS, string: 1 << 20 }
    expect((await failure(decodeBareReply(endless(), anyType, limits))).reason).toBe('string')
    expect(sent).toBeLessThanOrEqual(2 << 20)
  })

  it('stops within its limits on members that do not end', async () => {
    let sent = 0
    function* endless(): Generator<Buffer> {
      yield Buffer.from('<methodResponse><params><param><value><struct>')
      for (; sent < 1e9; sent += 100) yield Buffer.from(member.repeat(100))
    }
    const limits = { ...DEFAULT_LIMITS, members: 10_000 }
    expect((await failure(decodeBareReply(endless(), anyType, limits))).reason).toBe('members')
    expect(sent).toBeLessThanOrEqual(10_100)
  })

  it('knows a reply that is cut short at any byte', async () => {
    const xml = Buffer.from(
      success(
        '<value><struct><member><name>ü&amp;</name><value><array><data><value>x&gt;</value><value><boolean>1</boolean></value><value><double>0.5</double></value></data></array></value></member></struct></value>',
      ),
    )
    for (let length = 0; length < xml.length; length++) {
      const error = await failure(decodeBareReply([xml.subarray(0, length)]))
      expect({ length, reason: error.reason }).toEqual({ length, reason: 'truncated' })
      expect(error.offset).toBeLessThanOrEqual(length)
    }
  })

  it('ends in a value or a DecodeError whatever byte is changed', async () => {
    const xml = Buffer.from(success(`<value><struct>${member}</struct></value>`))
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.tuple(fc.nat(xml.length - 1), fc.nat(255)), { minLength: 1, maxLength: 4 }),
        fc.integer({ min: 1, max: 50 }),
        async (edits, size) => {
          const changed = Buffer.from(xml)
          for (const [at, byte] of edits) changed[at] = byte
          const chunks = []
          for (let at = 0; at < changed.length; at += size) {
            chunks.push(changed.subarray(at, at + size))
          }
          const whole = await outcome(decodeBareReply([changed]))
          expect(await outcome(decodeBareReply(chunks))).toEqual(whole)
        },
      ),
      { numRuns: 500 },
    )
  })
})

/** A value, or the reason why there is none; anything but a DecodeError is a bug. */
async function outcome(promise: Promise<unknown>): Promise<unknown> {
  try {
    return await promise
  } catch (error) {
    if (error instanceof DecodeError) return error.reason
    throw error
  }
}

describe('differential test against the xmlrpc package', () => {
  const text = fc
    .string({ unit: 'grapheme', maxLength: 40 })
    .filter((value) => !/[\p{Cc}\p{Cs}\ufffe\uffff]/u.test(value))
  const escaped = (value: string): string =>
    value.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')
  const { xml } = fc.letrec<{ xml: string }>((tie) => ({
    xml: fc.oneof(
      { maxDepth: 4, withCrossShrink: true },
      // The package trims nothing, but takes an empty untyped value for no value at all.
      text
        .filter((value) => value.trim() !== '')
        .map((value) => `<value>${escaped(value)}</value>`),
      text.map((value) => `<value><string>${escaped(value)}</string></value>`),
      fc.integer().map((value) => `<value><int>${value}</int></value>`),
      fc.boolean().map((value) => `<value><boolean>${value ? 1 : 0}</boolean></value>`),
      fc
        .double({ noNaN: true, noDefaultInfinity: true })
        .map((value) => `<value><double>${value}</double></value>`),
      fc.base64String().map((value) => `<value><base64>${value}</base64></value>`),
      fc.constant('<value><nil/></value>'),
      fc
        .array(tie('xml'), { maxLength: 5 })
        .map((items) => `<value><array><data>${items.join('')}</data></array></value>`),
      fc
        .array(
          fc.tuple(
            text.filter((name) => name.trim() === name && name !== '' && name !== '__proto__'),
            tie('xml'),
          ),
          { maxLength: 5 },
        )
        .map(
          (members) =>
            `<value><struct>${members.map(([name, value]) => `<member><name>${escaped(name)}</name>${value}</member>`).join('')}</struct></value>`,
        ),
    ),
  }))

  it('decodes what it decodes, however the bytes are split', async () => {
    await fc.assert(
      fc.asyncProperty(
        xml,
        fc.array(fc.integer({ min: 1, max: 40 }), { minLength: 1 }),
        async (value, sizes) => {
          const document = Buffer.from(reply(value))
          const chunks: Buffer[] = []
          for (let at = 0, turn = 0; at < document.length; turn++) {
            const size = sizes[turn % sizes.length] ?? 1
            chunks.push(document.subarray(at, at + size))
            at += size
          }
          const expected = await oracle(document)
          expect(await decodeBareReply(chunks)).toEqual(expected)
          expect(await decodeBareReply([document])).toEqual(expected)
        },
      ),
      { numRuns: 400 },
    )
  })
})

function oracle(document: Buffer): Promise<unknown> {
  return new Promise((resolve, reject) => {
    new Deserializer().deserializeMethodResponse(Readable.from([document]), (error, value) =>
      error ? reject(error) : resolve(value),
    )
  })
}
