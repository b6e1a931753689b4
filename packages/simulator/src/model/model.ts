/** Look-up tables over the data model: classes, fields, messages and relations by name. */
import { dataModel } from '@xendeck/xenapi/datamodel'
import type {
  DataModel,
  ModelClass,
  ModelDefault,
  ModelField,
  ModelMessage,
} from '@xendeck/xenapi/datamodel'
import type { Type } from './types.ts'
import { parseType } from './types.ts'

export interface Field extends ModelField {
  readonly parsed: Type
  /** The other end of a relation, if the field is one. */
  readonly relation?: { readonly cls: string; readonly field: string; readonly many: boolean }
}

export interface Param {
  readonly name: string
  readonly type: Type
  readonly default?: ModelDefault
}

export interface Message {
  /** Wire name: `VM.start`. */
  readonly method: string
  readonly cls: string
  readonly name: string
  readonly model: ModelMessage
  readonly params: readonly Param[]
  /** Parameters without a default. */
  readonly required: number
  readonly result: Type | null
  readonly session: boolean
  readonly removed: boolean
}

export interface Class {
  readonly name: string
  readonly model: ModelClass
  readonly fields: ReadonlyMap<string, Field>
  /** Fields that records carry, in wire order. */
  readonly visible: readonly Field[]
}

export interface Model {
  readonly data: DataModel
  readonly classes: ReadonlyMap<string, Class>
  readonly messages: ReadonlyMap<string, Message>
}

// xapi's relation table has two entries that name a field as its own inverse (subject.roles,
// role.subroles): nothing is mirrored there.
function relations(data: DataModel): Map<string, Field['relation']> {
  const found = new Map<string, Field['relation']>()
  const type = (cls: string, field: string) =>
    data.classes.find((c) => c.name === cls)?.fields.find((f) => f.name === field)?.type ?? ''
  for (const [cls, field, otherCls, otherField] of data.relations) {
    if (cls === otherCls && field === otherField) continue
    const many = (c: string, f: string) => type(c, f).startsWith('set(')
    found.set(`${cls}.${field}`, {
      cls: otherCls,
      field: otherField,
      many: many(otherCls, otherField),
    })
    found.set(`${otherCls}.${otherField}`, { cls, field, many: many(cls, field) })
  }
  return found
}

export function indexModel(data: DataModel): Model {
  const mirrored = relations(data)
  const classes = new Map<string, Class>()
  const messages = new Map<string, Message>()
  for (const model of data.classes) {
    const fields = new Map<string, Field>()
    for (const field of model.fields) {
      const relation = mirrored.get(`${model.name}.${field.name}`)
      fields.set(field.name, {
        ...field,
        parsed: parseType(field.type),
        ...(relation && { relation }),
      })
    }
    const visible = [...fields.values()].filter((field) => !field.internal_only)
    classes.set(model.name, { name: model.name, model, fields, visible })
    for (const message of model.messages) {
      const params = message.params.map(([name, type, extra]): Param => ({
        name,
        type: parseType(type),
        ...(extra && { default: extra.default }),
      }))
      const method = `${model.name}.${message.name}`
      messages.set(method, {
        method,
        cls: model.name,
        name: message.name,
        model: message,
        params,
        required: params.filter((param) => param.default === undefined).length,
        result: message.result === null ? null : parseType(message.result),
        session: message.session !== false,
        removed: message.lifecycle.state === 'removed' || model.lifecycle.state === 'removed',
      })
    }
  }
  return { data, classes, messages }
}

export const model: Model = indexModel(dataModel)
