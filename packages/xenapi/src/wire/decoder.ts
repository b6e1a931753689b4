/**
 * Streaming decoder of XML-RPC replies (PROTOCOL section 1.3).
 *
 * A state machine over one window of bytes at a time. It can stop at any byte: what is left of a
 * tag or a name is put before the next chunk, long texts are collected as bytes, and nothing else
 * is ever looked at twice. Where xapi's own spelling (no white space, no attributes) is met, whole
 * runs of tags are taken in one comparison; anything else takes the general path, tag by tag.
 *
 * The window is kept as bytes and as a latin1 string of the same indexes: searching is fastest in
 * the string, and texts are cut from the bytes, so that a value never keeps its window alive.
 *
 * It is one long class because every part of it works on that window.
 */
import { isAscii } from 'node:buffer'
import { DecodeError } from '../errors.ts'
import type { DecodeReason } from '../errors.ts'
import { MISMATCH, SCALAR_TAGS, coerce, convertScalar, setMember } from './convert.ts'
import type { DecodeLimits } from './limits.ts'
import {
  ANY,
  BOOL,
  INT,
  MAP,
  RECORD,
  SET,
  STRING,
  VOID,
  anyType,
  createMap,
  isEventShape,
  modelClassName,
  recordType,
} from './schema.ts'
import type { RecordShape, WireMap, WireType } from './schema.ts'
import { decodeName, decodeText } from './text.ts'
import { Pattern } from './words.ts'

// States: what is expected next.
const RESPONSE = 0
const PARAMS = 1
const PARAM = 2
const VALUE = 3
const IN_VALUE = 4
const IN_SCALAR = 5
const VALUE_END = 6
const MEMBER = 7
const NAME = 8
const IN_NAME = 9
const MEMBER_END = 10
const DATA = 11
const ELEMENT = 12
const ARRAY_END = 13
const PARAM_END = 14
const PARAMS_END = 15
const RESPONSE_END = 16
const DONE = 17

// Markup that may stand between or inside texts.
const NO_SKIP = 0
const COMMENT = 1
const INSTRUCTION = 2
const CDATA = 3

// xapi's own spelling, and that of most other servers.
const MEMBER_NAME = new Pattern('<member><name>')
const NAME_VALUE = new Pattern('</name><value>')
const MEMBER_CLOSE = new Pattern('</member>')
const STRUCT_OPEN = new Pattern('<struct>')
const STRUCT_CLOSE = new Pattern('</struct></value>')
const ARRAY_OPEN = new Pattern('<array><data>')
const ARRAY_CLOSE = new Pattern('</data></array></value>')
const VALUE_OPEN = new Pattern('<value>')
const VALUE_CLOSE = new Pattern('</value>')
const BOOLEAN_OPEN = new Pattern('<boolean>')
const BOOLEAN_CLOSE = new Pattern('</boolean></value>')

const LT = 60
const SLASH = 47
const TAG_LIMIT = 1024
const NEAR = 24
/** Longest text that is looked up among those seen before. */
const INTERN_LENGTH = 32
const INTERN_SLOTS = 4096
/** Bounds of the memory for decoded texts: 1 MB. */
const DECODED_LENGTH = 2048
const DECODED_SLOTS = 256
/** V8 copies substrings shorter than this, and lets longer ones point into their parent. */
const SLICE_LENGTH = 13
const EMPTY = Buffer.alloc(0)

/** An open array or struct. */
class Frame {
  array: unknown[] | null = null
  struct: WireMap | null = null
  type: WireType = anyType
  shape: RecordShape | null = null
  /** Name of the member whose value is being read. */
  name = ''
  /** Where in `shape.order` the next member is expected. */
  index = 0
  members = 0
  /** A snapshot was read before the class that says its type. */
  untypedSnapshot = false
}

export class ReplyDecoder {
  readonly #limits: DecodeLimits
  readonly #frames: Frame[] = []
  #depth = 0
  #state: number
  #skip = NO_SKIP
  #rest: Buffer = EMPTY
  /** Bytes before the window. */
  #base = 0
  #received = 0
  #values = 0
  /** Type of the value that is being read. */
  #type: WireType
  #tag = ''
  /** Finished segments of the current text, and the bytes of the one that a chunk has cut. */
  #text = ''
  #textBytes = 0
  #cut = EMPTY
  #cutBytes = 0
  /** The window: the same bytes twice. */
  #bytes: Buffer = EMPTY
  #s = ''
  #ascii = true
  /** Where the next `&` of the window is, at or after the place last asked for. */
  #nextEntity = -1
  #started = false
  /** One value is expected, without methodResponse around it. */
  readonly #fragment: boolean
  #result: unknown = undefined
  readonly #interned: (string | undefined)[] = []
  /** Texts with entities, as they came and as they mean. */
  readonly #decoded = new Map<string, string>()

  /** `type` is of the outermost value. */
  constructor(type: WireType, limits: DecodeLimits, options: { fragment?: boolean } = {}) {
    this.#type = type
    this.#limits = limits
    this.#fragment = options.fragment === true
    this.#state = this.#fragment ? VALUE : RESPONSE
    for (let index = 0; index < INTERN_SLOTS; index++) this.#interned.push(undefined)
  }

  /** Decodes as much as the chunk allows. */
  write(chunk: Buffer): void {
    this.#received += chunk.length
    if (this.#received > this.#limits.bytes) {
      this.#fail('bytes', 0, `it is longer than ${this.#limits.bytes} bytes`)
    }
    const window = this.#rest.length === 0 ? chunk : Buffer.concat([this.#rest, chunk])
    const used = this.#run(window)
    this.#rest = used === window.length ? EMPTY : window.subarray(used)
    this.#base += used
  }

  /** The value; throws where the reply is cut short. */
  end(): unknown {
    if (this.#state !== DONE || this.#skip !== NO_SKIP || this.#rest.length > 0) {
      this.#fail('truncated', this.#rest.length, 'it ends too early')
    }
    return this.#result
  }

  #fail(reason: DecodeReason, at: number, detail: string): never {
    throw new DecodeError(reason, this.#base + at, detail)
  }

  #run(bytes: Buffer): number {
    const s = bytes.toString('latin1')
    const length = s.length
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length)
    this.#bytes = bytes
    this.#s = s
    this.#ascii = isAscii(bytes)
    this.#nextEntity = -1
    let pos = 0
    if (!this.#started && length > 0) {
      // A byte order mark; fewer than three bytes of one wait for the rest.
      if (s.charCodeAt(0) === 0xef) {
        if (length < 3) return 0
        if (s.startsWith('\xef\xbb\xbf')) pos = 3
      }
      this.#started = true
    }
    for (;;) {
      if (this.#skip !== NO_SKIP) {
        const next = this.#skipMarkup(s, pos)
        if (this.#skip !== NO_SKIP) return next
        pos = next
      }
      switch (this.#state) {
        case MEMBER: {
          const frame = this.#frame()
          // xapi's spelling: <member><name>NAME</name><value>
          if (MEMBER_NAME.isAt(view, pos, length)) {
            const start = pos + 14
            const expected = frame.shape?.order[frame.index]
            if (expected && expected.close.isAt(view, start, length)) {
              pos = start + expected.close.length
              frame.index++
              this.#beginMember(frame, expected.name, expected.type, start)
              continue
            }
            const end = findTag(bytes, s, start)
            if (
              end > start &&
              end - start <= this.#limits.name &&
              NAME_VALUE.isAt(view, end, length)
            ) {
              this.#nameMember(frame, this.#nameAt(start, end), start)
              pos = end + 14
              continue
            }
          } else if (STRUCT_CLOSE.isAt(view, pos, length)) {
            pos += 17
            this.#closeStruct(pos)
            continue
          }
          break
        }
        case IN_VALUE: {
          if (this.#textBytes > 0 || this.#cutBytes > 0) break
          const type = this.#type
          const end = findTag(bytes, s, pos)
          if (end < 0) break
          if (bytes[end + 1] === SLASH) {
            if (!VALUE_CLOSE.isAt(view, end, length)) break
            if (end - pos > this.#limits.string) break
            let value: unknown
            if (type.kind === STRING || type.kind === ANY) {
              value = this.#textAt(pos, end)
            } else if (type.kind === INT) {
              value = smallInteger(bytes, pos, end)
              if (value === undefined) break
            } else {
              break
            }
            pos = end + 8
            this.#assign(value)
            continue
          }
          if (end !== pos) break
          if (BOOLEAN_OPEN.isAt(view, pos, length)) {
            if (type.kind !== BOOL && type.kind !== ANY) break
            const digit = bytes[pos + 9]
            if ((digit !== 49 && digit !== 48) || !BOOLEAN_CLOSE.isAt(view, pos + 10, length)) {
              break
            }
            pos += 28
            this.#assign(digit === 49)
            continue
          }
          if (ARRAY_OPEN.isAt(view, pos, length)) {
            this.#openArray(pos)
            pos += 13
            this.#state = ELEMENT
            continue
          }
          if (STRUCT_OPEN.isAt(view, pos, length)) {
            this.#openStruct(pos)
            pos += 8
            continue
          }
          const after = this.#takeTyped(s, pos)
          if (after < 0) break
          pos = after
          continue
        }
        case ELEMENT:
          if (VALUE_OPEN.isAt(view, pos, length)) {
            pos += 7
            this.#beginValue(this.#frame().type.element ?? anyType, pos)
            continue
          }
          if (ARRAY_CLOSE.isAt(view, pos, length)) {
            pos += 23
            this.#depth--
            this.#resume()
            continue
          }
          break
        case MEMBER_END:
          if (MEMBER_CLOSE.isAt(view, pos, length)) {
            pos += 9
            this.#state = MEMBER
            continue
          }
          break
        default:
      }
      const next = this.#step(s, pos)
      if (next < 0) return -1 - next
      pos = next
    }
  }

  /**
   * The general path: one tag, one text or one name. Returns where to go on, or -1 minus the
   * place from which the bytes must be kept for the next chunk.
   */
  #step(s: string, pos: number): number {
    switch (this.#state) {
      case IN_VALUE:
      case IN_SCALAR:
        return this.#stepText(s, pos)
      case IN_NAME:
        return this.#stepName(s, pos)
      default:
        return this.#stepTag(s, pos)
    }
  }

  /** `<double>…</double></value>` and dates in one go; -1 where they look different. */
  #takeTyped(s: string, pos: number): number {
    const tag = s.startsWith('<double>', pos)
      ? 'double'
      : s.startsWith('<dateTime.iso8601>', pos)
        ? 'dateTime.iso8601'
        : ''
    if (tag === '') return -1
    const start = pos + tag.length + 2
    const end = s.indexOf('<', start)
    const close = `</${tag}></value>`
    if (end < 0 || end - start > TAG_LIMIT || !s.startsWith(close, end)) return -1
    const value = convertScalar(tag, this.#textAt(start, end), this.#type)
    if (value === MISMATCH) this.#mismatch(pos)
    this.#assign(value)
    return end + close.length
  }

  #stepTag(s: string, start: number): number {
    let pos = start
    while (isSpace(s.charCodeAt(pos))) pos++
    if (pos >= s.length) return -1 - pos
    if (this.#state === DONE && this.#fragment) this.#fail('structure', pos, 'more than one value')
    if (s.charCodeAt(pos) !== LT) this.#fail('syntax', pos, 'text where a tag should be')
    const markup = this.#openMarkup(s, pos, false)
    if (markup !== 0) return markup
    const end = s.indexOf('>', pos)
    if (end < 0) {
      if (s.length - pos > TAG_LIMIT) this.#fail('syntax', pos, 'a tag has no end')
      return -1 - pos
    }
    this.#takeTag(this.#tagName(s, pos, end), pos, end + 1)
    return end + 1
  }

  /** Enters a comment, an instruction or CDATA; 0 where there is none of them. */
  #openMarkup(s: string, pos: number, inText: boolean): number {
    const second = s.charCodeAt(pos + 1)
    if (second === 63) {
      this.#skip = INSTRUCTION
      return pos + 2
    }
    if (second !== 33) return 0
    if (s.startsWith('<!--', pos)) {
      this.#skip = COMMENT
      return pos + 4
    }
    if (inText && s.startsWith('<![CDATA[', pos)) {
      this.#skip = CDATA
      return pos + 9
    }
    if (s.length - pos < 9) return -1 - pos
    return this.#fail('syntax', pos, 'a declaration is refused')
  }

  #skipMarkup(s: string, pos: number): number {
    const close = this.#skip === COMMENT ? '-->' : this.#skip === CDATA ? ']]>' : '?>'
    const end = s.indexOf(close, pos)
    // Without an end, as much is kept as may be the beginning of one.
    const stop = end < 0 ? Math.max(pos, s.length - close.length + 1) : end
    if (this.#skip === CDATA) {
      this.#keep(pos, stop)
      if (end >= 0) this.#addText(this.#takeCut(), 0)
    }
    if (end < 0) return stop
    this.#skip = NO_SKIP
    return end + close.length
  }

  /** A tag's name with its slashes: `value`, `/value`, `value/`. Attributes are ignored. */
  #tagName(s: string, start: number, end: number): string {
    const inner = s.slice(start + 1, end)
    const match = /^(\/?[A-Za-z_][\w.:-]*)(?:\s[^<]*?)?(\/?)$/.exec(inner)
    if (!match) this.#fail('syntax', start, 'a tag is malformed')
    return `${match[1]}${match[2]}`
  }

  #takeTag(tag: string, at: number, after: number): void {
    switch (this.#state) {
      case RESPONSE:
        if (tag === 'methodResponse') return this.#go(PARAMS)
        break
      case PARAMS:
        if (tag === 'params') return this.#go(PARAM)
        break
      case PARAM:
        if (tag === 'param') return this.#go(VALUE)
        break
      case VALUE:
        if (tag === 'value') return this.#beginValue(this.#type, at)
        if (tag === 'value/') return this.#emptyValue(this.#type, at)
        break
      case VALUE_END:
        if (tag === '/value') return this.#resume()
        break
      case MEMBER:
        if (tag === 'member') return this.#go(NAME)
        if (tag === '/struct') {
          this.#closeStruct(at)
          return this.#go(VALUE_END)
        }
        break
      case NAME:
        if (tag === 'name') return this.#go(IN_NAME)
        if (tag === 'name/') {
          this.#nameMember(this.#frame(), '', at)
          return this.#go(VALUE)
        }
        break
      case MEMBER_END:
        if (tag === '/member') return this.#go(MEMBER)
        break
      case DATA:
        if (tag === 'data') return this.#go(ELEMENT)
        if (tag === 'data/') return this.#go(ARRAY_END)
        if (tag === '/array') return this.#closeArray()
        break
      case ELEMENT: {
        const element = this.#frame().type.element ?? anyType
        if (tag === 'value') return this.#beginValue(element, at)
        if (tag === 'value/') return this.#emptyValue(element, at)
        if (tag === '/data') return this.#go(ARRAY_END)
        break
      }
      case ARRAY_END:
        if (tag === '/array') return this.#closeArray()
        break
      case PARAM_END:
        if (tag === '/param') return this.#go(PARAMS_END)
        break
      case PARAMS_END:
        if (tag === '/params') return this.#go(RESPONSE_END)
        break
      case RESPONSE_END:
        if (tag === '/methodResponse') return this.#go(DONE)
        break
      default:
    }
    this.#fail('structure', after, `the tag <${tag.slice(0, 40)}> does not belong here`)
  }

  #go(state: number): void {
    this.#state = state
  }

  #stepText(s: string, pos: number): number {
    const end = s.indexOf('<', pos)
    if (end < 0) {
      this.#keep(pos, s.length)
      return -1 - s.length
    }
    // The text is taken before the tag is complete, so that it is not looked at again. The bytes
    // of one character never span a tag.
    if (this.#cutBytes > 0) {
      this.#keep(pos, end)
      this.#addText(decodeText(this.#takeCut(), this.#base + pos), 0)
    } else if (end > pos) {
      this.#addText(decodeText(this.#bytes.toString('utf8', pos, end), this.#base + pos), end - pos)
    }
    const markup = this.#openMarkup(s, end, true)
    if (markup !== 0) return markup
    const close = s.indexOf('>', end)
    if (close < 0) {
      if (s.length - end > TAG_LIMIT) this.#fail('syntax', end, 'a tag has no end')
      return -1 - end
    }
    this.#takeTextTag(this.#tagName(s, end, close), end)
    return close + 1
  }

  /** A tag inside a value: its end, or the type of what is in it. */
  #takeTextTag(tag: string, at: number): void {
    const inScalar = this.#state === IN_SCALAR
    if (tag === (inScalar ? `/${this.#tag}` : '/value')) {
      const text = this.#takeText()
      const value = convertScalar(inScalar ? this.#tag : 'string', text, this.#type)
      if (value === MISMATCH) this.#mismatch(at)
      this.#assign(value)
      // Still inside of the value.
      if (inScalar) this.#state = VALUE_END
      return
    }
    if (inScalar || !isBlank(this.#takeText())) {
      this.#fail('structure', at, `the tag <${tag.slice(0, 40)}> does not belong here`)
    }
    switch (tag) {
      case 'struct':
        return this.#openStruct(at)
      case 'struct/':
        this.#openStruct(at)
        this.#closeStruct(at)
        return this.#go(VALUE_END)
      case 'array':
        this.#openArray(at)
        return this.#go(DATA)
      case 'array/':
        this.#openArray(at)
        return this.#closeArray()
      default:
    }
    const name = tag.endsWith('/') ? tag.slice(0, -1) : tag
    if (!SCALAR_TAGS.has(name)) {
      this.#fail('structure', at, `the tag <${tag.slice(0, 40)}> is no type`)
    }
    if (name === tag) {
      this.#tag = name
      return this.#go(IN_SCALAR)
    }
    const value = convertScalar(name, '', this.#type)
    if (value === MISMATCH) this.#mismatch(at)
    this.#assign(value)
    this.#state = VALUE_END
  }

  #stepName(s: string, pos: number): number {
    // A name that xapi did not escape may hold anything, so it ends where a value follows.
    for (let from = pos; ;) {
      const end = s.indexOf('</name>', from)
      if ((end < 0 ? s.length : end) - pos > this.#limits.name) {
        this.#fail('name', pos, `a name is longer than ${this.#limits.name} bytes`)
      }
      if (end < 0) return -1 - pos
      let after = end + 7
      while (isSpace(s.charCodeAt(after))) after++
      const follows = s.slice(after, after + 6)
      if (follows.length < 6 && '<value'.startsWith(follows)) return -1 - pos
      if (follows === '<value' || follows.startsWith('<!--') || follows.startsWith('<?')) {
        this.#nameMember(this.#frame(), decodeName(this.#bytes.toString('utf8', pos, end)), pos)
        this.#state = VALUE
        return end + 7
      }
      from = end + 7
    }
  }

  #frame(): Frame {
    const frame = this.#frames[this.#depth - 1]
    if (!frame) throw new Error('the decoder is inside no array or struct')
    return frame
  }

  /** Knows the type of a member by its name, then waits for its value. */
  #nameMember(frame: Frame, name: string, at: number): void {
    const shape = frame.shape
    if (!shape) {
      this.#beginMember(frame, name, frame.type.element ?? anyType, at)
      return
    }
    const entry = shape.fields.get(name)
    if (entry) {
      // The server's order is another than was thought: remember it for the next record.
      shape.order[frame.index] = entry
      frame.index++
    }
    this.#beginMember(frame, entry?.name ?? name, entry?.type ?? anyType, at)
  }

  #beginMember(frame: Frame, name: string, type: WireType, at: number): void {
    if (++frame.members > this.#limits.members) {
      this.#fail('members', at, `a struct has more than ${this.#limits.members} members`)
    }
    frame.name = name
    if (name === 'snapshot' && isEventShape(frame.shape)) {
      const snapshot = snapshotType(frame.struct)
      frame.untypedSnapshot = snapshot === undefined
      this.#beginValue(snapshot ?? anyType, at)
    } else {
      this.#beginValue(type, at)
    }
  }

  #beginValue(type: WireType, at: number): void {
    if (++this.#values > this.#limits.values) {
      this.#fail('values', at, `it has more than ${this.#limits.values} values`)
    }
    this.#type = type
    this.#state = IN_VALUE
  }

  #emptyValue(type: WireType, at: number): void {
    this.#beginValue(type, at)
    const value = convertScalar('string', '', type)
    if (value === MISMATCH) this.#mismatch(at)
    this.#assign(value)
  }

  #pushFrame(at: number): Frame {
    if (this.#depth >= this.#limits.depth) {
      this.#fail('depth', at, `it is nested deeper than ${this.#limits.depth}`)
    }
    const frame = (this.#frames[this.#depth] ??= new Frame())
    this.#depth++
    frame.type = this.#type
    frame.shape = null
    frame.array = null
    frame.struct = null
    frame.index = 0
    frame.members = 0
    frame.untypedSnapshot = false
    return frame
  }

  #openArray(at: number): void {
    const { kind } = this.#type
    if (kind !== SET && kind !== ANY && kind !== VOID) this.#mismatch(at)
    const array: unknown[] = []
    this.#assign(array)
    this.#pushFrame(at).array = array
  }

  #openStruct(at: number): void {
    const type = this.#type
    if (type.kind !== RECORD && type.kind !== MAP && type.kind !== ANY && type.kind !== VOID) {
      this.#mismatch(at)
    }
    const struct = type.shape ? type.shape.create() : createMap()
    this.#assign(struct)
    const frame = this.#pushFrame(at)
    frame.struct = struct
    frame.shape = type.shape
    this.#state = MEMBER
  }

  #mismatch(at: number): never {
    const name = this.#depth > 0 ? this.#frame().name.slice(0, 80) : ''
    return this.#fail('type', at, `the value${name && ` of ${name}`} has an unexpected type`)
  }

  #takeText(): string {
    const text = this.#text
    this.#text = ''
    this.#textBytes = 0
    return text
  }

  #addText(text: string, bytes: number): void {
    this.#text += text
    this.#textBytes += bytes
    if (this.#textBytes > this.#limits.string) this.#tooLong(0)
  }

  #tooLong(at: number): never {
    return this.#fail('string', at, `a text is longer than ${this.#limits.string} bytes`)
  }

  /** Keeps the bytes of a text that goes on in the next chunk. */
  #keep(start: number, end: number): void {
    const size = this.#cutBytes + end - start
    if (this.#textBytes + size > this.#limits.string) this.#tooLong(start)
    if (size > this.#cut.length) {
      // Doubled, so that a text that comes byte by byte is not copied each time.
      const larger = Buffer.allocUnsafe(Math.max(4096, 2 * size))
      this.#cut.copy(larger, 0, 0, this.#cutBytes)
      this.#cut = larger
    }
    this.#bytes.copy(this.#cut, this.#cutBytes, start, end)
    this.#cutBytes = size
  }

  #takeCut(): string {
    const text = this.#cut.toString('utf8', 0, this.#cutBytes)
    this.#textBytes += this.#cutBytes
    this.#cutBytes = 0
    if (this.#cut.length > 65_536) this.#cut = EMPTY
    return text
  }

  /** Text of the window with its entities replaced. */
  #textAt(start: number, end: number): string {
    if (start === end) return ''
    return this.#hasEntity(start, end) ? this.#entityText(start, end) : this.#rawText(start, end)
  }

  /** The recommendations of thousands of VMs are the same few texts, full of entities. */
  #entityText(start: number, end: number): string {
    const raw = this.#bytes.toString('utf8', start, end)
    const known = this.#decoded.get(raw)
    if (known !== undefined) return known
    const text = decodeText(raw, this.#base + start)
    if (raw.length <= DECODED_LENGTH && this.#decoded.size < DECODED_SLOTS) {
      this.#decoded.set(raw, text)
    }
    return text
  }

  #nameAt(start: number, end: number): string {
    const raw = this.#rawText(start, end)
    return this.#hasEntity(start, end) ? decodeName(raw) : raw
  }

  #hasEntity(start: number, end: number): boolean {
    if (this.#nextEntity < start) {
      const next = this.#s.indexOf('&', start)
      this.#nextEntity = next < 0 ? Number.MAX_SAFE_INTEGER : next
    }
    return this.#nextEntity < end
  }

  #rawText(start: number, end: number): string {
    const length = end - start
    const s = this.#s
    if (length > INTERN_LENGTH) {
      return this.#ascii
        ? this.#bytes.toString('latin1', start, end)
        : this.#bytes.toString('utf8', start, end)
    }
    if (!this.#ascii && hasHighByte(s, start, end)) return this.#bytes.toString('utf8', start, end)
    const bytes = this.#bytes
    const slot =
      ((bytes[start] ?? 0) * 961 +
        (bytes[end - 1] ?? 0) * 31 +
        (bytes[start + (length >> 1)] ?? 0) * 7 +
        length) &
      (INTERN_SLOTS - 1)
    const known = this.#interned[slot]
    if (known !== undefined && known.length === length && equalsAt(known, bytes, start)) {
      return known
    }
    const text =
      length < SLICE_LENGTH ? s.slice(start, end) : this.#bytes.toString('latin1', start, end)
    this.#interned[slot] = text
    return text
  }

  /** Puts a value where it belongs. Containers are put there when they open. */
  #assign(value: unknown): void {
    if (this.#depth === 0) {
      this.#result = value
    } else {
      const frame = this.#frame()
      if (frame.array) frame.array.push(value)
      else if (frame.struct) {
        if (frame.name === '__proto__') setMember(frame.struct, frame.name, value)
        else frame.struct[frame.name] = value
      }
    }
    this.#resume()
  }

  /** After a value: what comes next depends on what it is in. */
  #resume(): void {
    if (this.#depth === 0) this.#state = this.#fragment ? DONE : PARAM_END
    else this.#state = this.#frame().array ? ELEMENT : MEMBER_END
  }

  #closeArray(): void {
    this.#depth--
    this.#state = VALUE_END
  }

  #closeStruct(at: number): void {
    const frame = this.#frame()
    this.#depth--
    if (frame.untypedSnapshot && frame.struct) {
      const type = snapshotType(frame.struct)
      const snapshot = type && coerce(frame.struct['snapshot'], type)
      if (snapshot === MISMATCH) this.#mismatch(at)
      if (snapshot !== undefined) frame.struct['snapshot'] = snapshot
    }
    this.#resume()
  }
}

/** Type of an event's snapshot, if its class is known already. */
function snapshotType(event: WireMap | null): WireType | undefined {
  const name = event?.['class']
  const className = typeof name === 'string' ? modelClassName(name) : undefined
  return className === undefined ? undefined : recordType(className)
}

function isSpace(code: number): boolean {
  return code === 32 || code === 10 || code === 13 || code === 9
}

function isBlank(text: string): boolean {
  return /^[ \t\r\n]*$/.test(text)
}

function hasHighByte(s: string, start: number, end: number): boolean {
  for (let at = start; at < end; at++) if (s.charCodeAt(at) >= 0x80) return true
  return false
}

/** The next `<`, or -1. Most texts are short, and then a native search costs more than a loop. */
function findTag(bytes: Buffer, s: string, start: number): number {
  const near = start + NEAR < bytes.length ? start + NEAR : bytes.length
  for (let at = start; at < near; at++) if (bytes[at] === LT) return at
  return s.indexOf('<', near)
}

/** An integer of up to 15 digits, exact as a number; undefined for anything else. */
function smallInteger(bytes: Buffer, start: number, end: number): number | undefined {
  const negative = bytes[start] === 45
  const first = negative ? start + 1 : start
  if (end === first || end - first > 15) return undefined
  let value = 0
  for (let at = first; at < end; at++) {
    const digit = (bytes[at] ?? 0) - 48
    if (digit < 0 || digit > 9) return undefined
    value = value * 10 + digit
  }
  return negative ? 0 - value : value
}

function equalsAt(known: string, bytes: Buffer, start: number): boolean {
  for (let at = 0; at < known.length; at++) {
    if (known.charCodeAt(at) !== bytes[start + at]) return false
  }
  return true
}
