import type { Generated } from 'kysely'

/**
 * The console's own tables. Instants are ISO 8601 text in UTC, booleans 0 or 1, so that SQLite and PostgreSQL hold the
 * same values and one set of queries reads both.
 */
export interface Tables {
  accounts: AccountsTable
  sessions: SessionsTable
  pools: PoolsTable
  audit: AuditTable
  audit_head: AuditHeadTable
  settings: SettingsTable
  jobs: JobsTable
}

export interface AccountsTable {
  id: string
  /** As typed by who made it; found by `name_key`, its lower case. */
  name: string
  name_key: string
  role: string
  /** `scrypt$N$r$p$salt$hash`, base64. */
  password_hash: string
  must_change_password: number
  created_at: string
  updated_at: string
}

export interface SessionsTable {
  id: string
  /** SHA-256 of the token, hex. The token itself is only in the browser. */
  token_hash: string
  account_id: string
  csrf_token: string
  created_at: string
  last_seen_at: string
  expires_at: string
  /** Where it was opened from. */
  address: string
}

/** Registered connections. */
export interface PoolsTable {
  id: string
  label: string
  /** `https://host[:port]`, as entered. */
  address: string
  username: string
  /** AES-256-GCM, sealed to this row's id: see secrets.ts. */
  password_sealed: string
  /** SHA-256 of the pinned certificate, `AA:BB:…`. */
  fingerprint: string | null
  /** 0 after a person disconnected it: it stays so over a restart. */
  enabled: Generated<number>
  created_at: string
  updated_at: string
}

export interface AuditTable {
  /** 1, 2, 3, …: without gaps. */
  seq: number
  at: string
  user_id: string | null
  user_name: string
  from_address: string
  action: string
  target_kind: string | null
  target_id: string | null
  target_name: string | null
  pool_id: string | null
  result: string
  request_id: string
  /** SHA-256, hex, over `previous_hash` and this row's other columns. */
  hash: string
  previous_hash: string
}

/** One row: where the chain ends. Writers lock it, so that appends of several BFFs come one after the other. */
export interface AuditHeadTable {
  id: number
  seq: number
  hash: string
}

export interface SettingsTable {
  key: string
  value: string
}

/** Work of several XenAPI calls. What is unfinished when the process ends goes on at the next start. */
export interface JobsTable {
  /** The id of its task. */
  id: string
  /** Name of the operation: `vm.delete`. */
  operation: string
  /** Display name of the person. */
  started_by: string
  /** XenAPI uuid of the pool. */
  pool_id: string
  /** JSON of the task's target: kind, id, name. */
  target: string
  /** JSON: all that is to be done, written before the first step. Its form is the operation's. */
  plan: string
  /** JSON: how far it has come, written before each step. */
  state: string
  created_at: string
  finished_at: string | null
  /** JSON of the reason where it has failed: code, params, message. */
  error: string | null
}
