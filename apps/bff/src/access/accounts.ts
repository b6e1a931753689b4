import { randomUUID } from 'node:crypto'
import type { Selectable } from 'kysely'
import { rolePermissions, type Role, type Subject } from '@xendeck/contract'
import type { Clock } from '../context.ts'
import type { Store } from '../store/store.ts'
import type { AccountsTable } from '../store/tables.ts'
import { hashPassword, makePassword, type PasswordCost } from './passwords.ts'

export type Account = Selectable<AccountsTable>

/** How an account is found: people do not mind capitals in their own name. */
function nameKey(name: string): string {
  return name.normalize('NFKC').toLowerCase()
}

export function findAccount(store: Store, name: string): Promise<Account | undefined> {
  return store.db
    .selectFrom('accounts')
    .selectAll()
    .where('name_key', '=', nameKey(name))
    .executeTakeFirst()
}

/** Who `account` is for `can` and the permission check. Local accounts see all pools. */
export function subjectOf(account: Pick<Account, 'id' | 'name' | 'role'>): Subject {
  return { userId: account.id, name: account.name, role: roleOf(account.role), pools: 'all' }
}

function roleOf(stored: string): Role {
  const roles = Object.keys(rolePermissions) as Role[]
  const role = roles.find((known) => known === stored)
  if (role) return role
  throw new Error(`an account has the unknown role ${stored}`)
}

export interface NewAccount {
  readonly name: string
  readonly password: string
  readonly role: Role
  readonly mustChangePassword: boolean
}

/** Undefined where there is an account of that name already. */
export async function createAccount(
  store: Store,
  clock: Clock,
  cost: PasswordCost,
  account: NewAccount,
): Promise<string | undefined> {
  const now = clock.now().toISOString()
  const id = randomUUID()
  const { numInsertedOrUpdatedRows } = await store.db
    .insertInto('accounts')
    .values({
      id,
      name: account.name,
      name_key: nameKey(account.name),
      role: account.role,
      password_hash: await hashPassword(account.password, cost),
      must_change_password: account.mustChangePassword ? 1 : 0,
      created_at: now,
      updated_at: now,
    })
    .onConflict((conflict) => conflict.column('name_key').doNothing())
    .executeTakeFirstOrThrow()
  return numInsertedOrUpdatedRows === 0n ? undefined : id
}

/** What the first start has to tell: who can sign in, and the password where it was made up here. */
export interface FirstAdministrator {
  readonly name: string
  /** Only where it was generated: it is told once and must be changed. */
  readonly oneTimePassword: string | undefined
}

/** On a database without accounts, makes the administrator `admin`. Undefined where there are accounts. */
export async function createFirstAdministrator(
  store: Store,
  clock: Clock,
  cost: PasswordCost,
  password: string | undefined,
): Promise<FirstAdministrator | undefined> {
  const anyone = await store.db.selectFrom('accounts').select('id').limit(1).executeTakeFirst()
  if (anyone) return undefined
  const oneTimePassword = password === undefined ? makePassword() : undefined
  const created = await createAccount(store, clock, cost, {
    name: 'admin',
    password: password ?? oneTimePassword ?? makePassword(),
    role: 'administrator',
    mustChangePassword: password === undefined,
  })
  // Undefined: another BFF on the same database was faster.
  return created === undefined ? undefined : { name: 'admin', oneTimePassword }
}

/**
 * Gives `name` a new one-time password and ends its sessions, for a person who has lost theirs. Undefined where there
 * is no such account.
 */
export async function resetPassword(
  store: Store,
  clock: Clock,
  cost: PasswordCost,
  name: string,
): Promise<string | undefined> {
  const account = await findAccount(store, name)
  if (!account) return undefined
  const password = makePassword()
  const hash = await hashPassword(password, cost)
  await store.db.transaction().execute(async (trx) => {
    await trx
      .updateTable('accounts')
      .set({
        password_hash: hash,
        must_change_password: 1,
        updated_at: clock.now().toISOString(),
      })
      .where('id', '=', account.id)
      .execute()
    await trx.deleteFrom('sessions').where('account_id', '=', account.id).execute()
  })
  return password
}
