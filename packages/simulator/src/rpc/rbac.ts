/** Who may call what (PROTOCOL 2.4). The local superuser may call everything. */
import { model } from '../model/model.ts'
import type { Field, Message } from '../model/model.ts'
import type { Session } from '../session/sessions.ts'
import { XapiError } from './errors.ts'

/** Strongest first. */
export const ROLES: readonly string[] = model.data.roles

export function roleIncludes(role: string, minimum: string): boolean {
  return ROLES.indexOf(role) >= 0 && ROLES.indexOf(role) <= ROLES.indexOf(minimum)
}

/** Roles that have a permission whose weakest role is `minimum`, strongest first. */
export function rolesWith(minimum: string | null): string[] {
  return minimum === null ? [] : ROLES.slice(0, ROLES.indexOf(minimum) + 1)
}

/** @throws XapiError RBAC_PERMISSION_DENIED[permission, text] */
export function assertRole(session: Session, permission: string, minimum: string | null): void {
  if (session.root) return
  if (minimum !== null && roleIncludes(session.account.role ?? '', minimum)) return
  const roles = rolesWith(minimum).join(', ')
  throw new XapiError(
    'RBAC_PERMISSION_DENIED',
    permission,
    `No permission in user session. (Roles with this permission: ${roles})`,
  )
}

/**
 * Some keys of a map have a role of their own, `vm.add_to_other_config/key:folder`.
 * @param key of an add or remove message
 * @throws XapiError RBAC_PERMISSION_DENIED
 */
export function assertMayCall(session: Session, message: Message, key: string | undefined): void {
  if (session.root) return
  const permission = message.method.toLowerCase()
  const guarded = key === undefined ? undefined : keyRole(message, key)
  if (!guarded) return assertRole(session, permission, message.model.min_role)
  assertRole(session, `${permission}/key:${guarded.key}`, guarded.minimum)
}

/** The map whose key an `add_to_` or `remove_from_` message names; some of those are custom. */
export function keyedField(message: Message): Field | undefined {
  const name = /^(?:add_to|remove_from)_(\w+)$/.exec(message.name)?.[1]
  return name === undefined ? undefined : model.classes.get(message.cls)?.fields.get(name)
}

function keyRole(message: Message, key: string): { key: string; minimum: string } | undefined {
  const field = keyedField(message)
  const found = Object.entries(field?.map_keys_roles ?? {}).find(([pattern]) =>
    pattern.endsWith('*') ? key.startsWith(pattern.slice(0, -1)) : key === pattern,
  )
  if (!found) return undefined
  // The model lists every role that has the key.
  const weakest = [found[1]].flat().at(-1)
  return weakest === undefined ? undefined : { key: found[0].toLowerCase(), minimum: weakest }
}
