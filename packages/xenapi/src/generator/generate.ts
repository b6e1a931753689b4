/** Turns the data model into the sources of `src/generated`: one string a file. */
import type { DataModel, ModelClass, ModelField, ModelMessage } from '../datamodel.ts'
import { codeOf, parseType, recordName, typescriptOf } from './types.ts'

const HEADER = `// Generated from src/datamodel.json by src/generator/main.ts (npm run generate). Do not edit.
// Derived from the data model of xen-api, LGPL-2.1 with linking exception: see ../../NOTICE.
`

/**
 * event.from really returns a batch; the model says `set(record event)`, which is event.next
 * (PROTOCOL section 3.1). Its shape is written by hand in src/types.ts.
 */
const RESULT_OVERRIDES: Readonly<Record<string, { typescript: string; code: string }>> = {
  'event.from': { typescript: 'EventBatch', code: 'E' },
}

export function generate(model: DataModel): Map<string, string> {
  return new Map([
    ['names.ts', generateNames(model)],
    ['enums.ts', generateEnums(model)],
    ['records.ts', generateRecords(model)],
    ['errors.ts', generateErrors(model)],
    ['methods.ts', generateMethods(model)],
    ['schema.ts', generateSchema(model)],
  ])
}

function quote(text: string): string {
  return `'${text.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`
}

function union(names: readonly string[]): string {
  return names.map((name) => `\n  | ${quote(name)}`).join('')
}

/** Fields that are in a record on the wire. */
export function recordFields(cls: ModelClass): readonly ModelField[] {
  return cls.fields.filter((field) => field.internal_only !== true)
}

function generateNames(model: DataModel): string {
  const all = model.classes.map((cls) => cls.name)
  const events = model.classes.filter((cls) => cls.gen_events).map((cls) => cls.name)
  const readable = model.classes.filter(hasGetAllRecords).map((cls) => cls.name)
  return `${HEADER}
/** Every class of XenAPI, by its name on the wire. */
export type ClassName =${union(all)}

/** Classes whose objects appear in event.from. */
export const eventClasses: readonly ClassName[] = [${events.map(quote).join(', ')}]

/** Classes that have get_all_records. */
export const listableClasses: readonly ClassName[] = [${readable.map(quote).join(', ')}]
`
}

function hasGetAllRecords(cls: ModelClass): boolean {
  return cls.messages.some(
    (message) => message.name === 'get_all_records' && message.lifecycle.state !== 'removed',
  )
}

function generateEnums(model: DataModel): string {
  const lines = Object.entries(model.enums).map(
    ([name, values]) => `  ${name}: ${values.map(quote).join(' | ')}`,
  )
  return `${HEADER}
/** Values known to the data model; a newer xapi may send others, which pass through. */
export interface Enums {
${lines.join('\n')}
}
`
}

function generateRecords(model: DataModel): string {
  const interfaces = model.classes.map((cls) => {
    const fields = recordFields(cls).map((field) => {
      const parsed = parseType(field.type)
      const optional = parsed.kind === 'option' ? '?' : ''
      const state = field.lifecycle.state
      const note =
        state === 'removed' || state === 'deprecated' ? `  /** @deprecated ${state} */\n` : ''
      return `${note}  readonly ${field.name}${optional}: ${typescriptOf(parsed)}`
    })
    return `export interface ${recordName(cls.name)} {\n${fields.join('\n')}\n}`
  })
  const map = model.classes.map((cls) => `  ${cls.name}: ${recordName(cls.name)}`)
  return `${HEADER}
import type { Ref } from '../types.ts'
import type { Enums } from './enums.ts'

${interfaces.join('\n\n')}

export interface Records {
${map.join('\n')}
}
`
}

function generateErrors(model: DataModel): string {
  const lines = Object.entries(model.errors).map(
    ([code, names]) => `  ${code}: [${names.map(quote).join(', ')}],`,
  )
  return `${HEADER}
/** Names of an error's parameters as documented; what is sent may differ (PROTOCOL section 11). */
export const errorParameters = {
${lines.join('\n')}
} as const

export type ErrorCode = keyof typeof errorParameters
`
}

/** A parameter's name as a tuple label, which may not be a reserved word. */
function label(name: string): string {
  return /^(class|default|delete|enum|export|function|import|in|interface|new|null|package|private|protected|public|static|this|with)$/.test(
    name,
  )
    ? `${name}_`
    : name.replaceAll(/\W/g, '_')
}

function paramsOf(message: ModelMessage): string {
  const params = message.params.map(([name, type, extra], index) => {
    const parsed = parseType(type)
    const optional = message.params.slice(index).every((param) => param[2] !== undefined)
    const text =
      parsed.kind === 'record'
        ? // A constructor takes defaults for what is left out.
          `Partial<${recordName(parsed.name)}>`
        : typescriptOf(parsed)
    return `${label(name)}${extra && optional ? '?' : ''}: ${text}`
  })
  return `[${params.join(', ')}]`
}

function resultOf(name: string, message: ModelMessage): string {
  const override = RESULT_OVERRIDES[name]
  if (override) return override.typescript
  return message.result === null ? 'void' : typescriptOf(parseType(message.result))
}

function generateMethods(model: DataModel): string {
  const lines: string[] = []
  const async: string[] = []
  const records = new Set<string>()
  for (const cls of model.classes) {
    for (const message of cls.messages) {
      const name = `${cls.name}.${message.name}`
      const line = `  '${name}': { params: ${paramsOf(message)}; result: ${resultOf(name, message)} }`
      for (const [used] of line.matchAll(/\w+Record\b/g)) records.add(used)
      lines.push(line)
      if (message.async === true) async.push(name)
    }
  }
  return `${HEADER}
import type { EventBatch, Ref } from '../types.ts'
import type { Enums } from './enums.ts'
import type {
${[...records]
  .toSorted()
  .map((name) => `  ${name},`)
  .join('\n')}
} from './records.ts'

/** Every message, without its leading session parameter. */
export interface Methods {
${lines.join('\n')}
}

/** Messages that also answer to \`Async.<name>\` with a task. */
export type AsyncMethodName =${union(async)}
`
}

function generateSchema(model: DataModel): string {
  const records = model.classes.map((cls) => {
    const fields = recordFields(cls).map(
      (field) =>
        `${field.name}:${codeOf(parseType(field.type))}${defaultOf(field.default, parseType(field.type).kind)}`,
    )
    return `  ${cls.name}: ${quote(fields.join(' '))},`
  })
  const methods = model.classes.flatMap((cls) =>
    cls.messages.map((message) => {
      const name = `${cls.name}.${message.name}`
      const params = message.params.map(([, type]) => codeOf(parseType(type))).join('')
      const result =
        RESULT_OVERRIDES[name]?.code ??
        (message.result === null ? 'v' : codeOf(parseType(message.result)))
      const session = message.session === false ? '!' : ''
      return `  '${name}': '${session}${params}>${result}',`
    }),
  )
  return `${HEADER}
/** Class to its fields, \`name:type\` or \`name:type=default\`; \`wire/schema.ts\` reads it. */
export const recordSchemas: Readonly<Record<string, string>> = {
${records.join('\n')}
}

/** Method to \`parameters>result\`; a leading \`!\` means that it takes no session. */
export const methodSchemas: Readonly<Record<string, string>> = {
${methods.join('\n')}
}
`
}

/** Scalar defaults only, URI-encoded; anything else starts empty. */
function defaultOf(value: ModelField['default'], kind: string): string {
  if (value === undefined || typeof value === 'object' || value === '') return ''
  if (kind === 'set' || kind === 'map') return ''
  return `=${encodeURIComponent(String(value))}`
}
