/**
 * Role objects (PROTOCOL 2.5): static, outside the database, without events. Every permission is a
 * role of its own, a subrole of each role that has it.
 */
import { createHash } from 'node:crypto'
import type { Row, Value } from '../db/database.ts'
import { model } from '../model/model.ts'
import { XapiError } from './errors.ts'
import { parseFilter } from './filter.ts'
import { ROLES, keyedField, rolesWith } from './rbac.ts'
import type { Behaviour } from './registry.ts'

interface Role extends Row {
  uuid: string
  name_label: string
  name_description: string
  subroles: string[]
  is_internal: boolean
}

const DESCRIPTIONS: Record<string, string> = {
  'pool-admin':
    'The Pool Administrator role has full access to all features and settings, including accessing Dom0 and managing subjects, roles and external authentication',
  'pool-operator':
    'The Pool Operator role manages host- and pool-wide resources, including setting up storage, creating resource pools and managing patches, high availability (HA) and workload balancing (WLB)',
  'vm-power-admin':
    'The VM Power Administrator role has full access to VM and template management and can choose where to start VMs and use the dynamic memory control and VM snapshot features',
  'vm-admin': 'The VM Administrator role can manage VMs and templates',
  'vm-operator': 'The VM Operator role can use VMs and interact with VM consoles',
  'read-only': 'The Read-Only role can log in with basic read-only access',
}

/** MD5 of the name in the form of a uuid. */
function uuidOf(name: string): string {
  const hex = createHash('md5').update(name).digest('hex')
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5')
}

export function roleRef(name: string): string {
  return `OpaqueRef:${uuidOf(name)}`
}

/** Permission → its weakest role. */
function permissions(): Map<string, string> {
  const found = new Map<string, string>()
  const add = (permission: string, role: string | null) => {
    if (role !== null) found.set(permission.toLowerCase(), role)
  }
  for (const message of model.messages.values()) {
    const permission = message.method
    if (!message.removed) add(permission, message.model.min_role)
    for (const [key, holders] of Object.entries(keyedField(message)?.map_keys_roles ?? {})) {
      add(`${permission}/key:${key}`, [holders].flat().at(-1) ?? null)
    }
  }
  for (const action of model.data.http_actions) add(`http/${action.name}`, action.min_role)
  add('http/connect_console/host_console', 'pool-admin')
  add('task.destroy/any', 'pool-operator')
  add('task.cancel/any', 'pool-operator')
  return found
}

let cached: Map<string, Role> | undefined

/** Ref → role, the six named ones first. */
function roles(): Map<string, Role> {
  if (cached) return cached
  cached = new Map()
  const all = permissions()
  for (const name of ROLES) {
    const subroles = [...all]
      .filter(([, weakest]) => rolesWith(weakest).includes(name))
      .map(([permission]) => roleRef(permission))
    cached.set(roleRef(name), {
      uuid: uuidOf(name),
      name_label: name,
      name_description: DESCRIPTIONS[name] ?? '',
      subroles,
      is_internal: false,
    })
  }
  for (const name of all.keys()) {
    cached.set(roleRef(name), {
      uuid: uuidOf(name),
      name_label: name,
      name_description: 'A basic permission',
      subroles: [],
      is_internal: false,
    })
  }
  return cached
}

function must(ref: Value): Role {
  const role = roles().get(String(ref))
  if (!role) throw new XapiError('HANDLE_INVALID', 'role', String(ref))
  return role
}

function refsWhere(predicate: (role: Role) => boolean): string[] {
  return [...roles()].filter(([, role]) => predicate(role)).map(([ref]) => ref)
}

function recordsWhere(predicate: (role: Role) => boolean): Row {
  return Object.fromEntries([...roles()].filter(([, role]) => predicate(role)))
}

const byExpression = (expression: Value) =>
  parseFilter(String(expression), model.classes.get('role')!.fields)

export const roleMessages: Behaviour = {
  handlers: {
    'role.get_all': () => [...roles().keys()],
    'role.get_all_records': () => recordsWhere(() => true),
    'role.get_all_where': (_call, expression: string) => refsWhere(byExpression(expression)),
    'role.get_all_records_where': (_call, expression: string) =>
      recordsWhere(byExpression(expression)),
    'role.get_record': (_call, ref: string) => must(ref),
    'role.get_by_uuid': (_call, uuid: string) => {
      const [ref] = refsWhere((role) => role.uuid === uuid)
      if (!ref) throw new XapiError('UUID_INVALID', 'role', uuid)
      return ref
    },
    'role.get_by_name_label': (_call, label: string) =>
      refsWhere((role) => role.name_label === label),
    'role.get_uuid': (_call, ref: string) => must(ref).uuid,
    'role.get_name_label': (_call, ref: string) => must(ref).name_label,
    'role.get_name_description': (_call, ref: string) => must(ref).name_description,
    'role.get_subroles': (_call, ref: string) => must(ref).subroles,
    'role.get_is_internal': (_call, ref: string) => must(ref).is_internal,
    'role.get_permissions': (_call, ref: string) => must(ref).subroles,
    'role.get_permissions_name_label': (_call, ref: string) =>
      must(ref).subroles.map((each) => must(each).name_label),
    'role.get_by_permission': (_call, ref: string) =>
      refsWhere((role) => role.subroles.includes(ref)),
    'role.get_by_permission_name_label': (_call, label: string) =>
      refsWhere((role) => role.subroles.includes(roleRef(label))),
  },
}
