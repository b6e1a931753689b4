/** One line of the audit: who did what, on what, from where, and how it ended. */
export interface AuditEntry {
  /** The account's id; null where nobody had signed in. */
  readonly userId: string | null
  /** The account's name, or the one that was tried. */
  readonly userName: string
  /** Address of the caller. */
  readonly from: string
  /** An operation's name (`vm.start`), or `session.signIn` and the like. */
  readonly action: string
  readonly target: { readonly kind: string; readonly id: string; readonly name: string } | null
  readonly poolId: string | null
  /** `ok`, or the error code. */
  readonly result: string
  readonly requestId: string
}

export interface Audit {
  /** Appends in the order of calls; resolved once it is stored. */
  append(entry: AuditEntry): Promise<void>
}
