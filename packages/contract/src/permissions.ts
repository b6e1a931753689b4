/** Everything that can be permitted. A route, socket or operation without one of these cannot be registered. */
export const permissions = [
  'inventory.read',
  'vm.power',
  'vm.edit',
  'vm.migrate',
  'vm.snapshot',
  'vm.delete',
  'vm.console',
  'task.cancel',
  'connection.manage',
  /** One's own session and account: everybody who has signed in. */
  'account.self',
] as const
export type Permission = (typeof permissions)[number]

/** Provider roles (ARCHITECTURE section 5). Tenant roles come with tenants. */
export const rolePermissions = {
  administrator: permissions,
  operator: permissions.filter((permission) => permission !== 'connection.manage'),
  auditor: ['inventory.read', 'account.self'],
} as const satisfies Record<string, readonly Permission[]>
export type Role = keyof typeof rolePermissions

/** Who asks: what `can` and the permission check are told of the person. */
export interface Subject {
  readonly userId: string
  readonly name: string
  readonly role: Role
  /** The pools (XenAPI uuids) it may see; `all` for every one. */
  readonly pools: 'all' | readonly string[]
}

export function isPermitted(
  subject: Subject,
  permission: Permission,
  poolId?: string | null,
): boolean {
  const granted: readonly Permission[] = rolePermissions[subject.role]
  if (!granted.includes(permission)) return false
  return poolId == null || subject.pools === 'all' || subject.pools.includes(poolId)
}
