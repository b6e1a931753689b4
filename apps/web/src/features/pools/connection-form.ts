import type { CertificateProbe, Connection } from '@xendeck/contract'

export interface ConnectionValues {
  address: string
  username: string
  password: string
  label: string
}

export type Certificate = NonNullable<CertificateProbe['certificate']>

/**
 * What a person has agreed to for an address: nothing yet; that its certificate is vouched for, or that it is plain
 * http (`fingerprint` null); or this very certificate.
 */
export interface Confirmed {
  address: string
  fingerprint: string | null
}

/** Whether what was confirmed still holds for what is typed now. A changed address needs a new look. */
export function isConfirmed(confirmed: Confirmed | null, address: string): boolean {
  return confirmed !== null && confirmed.address === address.trim()
}

/** What a connection that is edited changes: only what differs; an empty password stays as it is. */
export function changesOf(
  before: Connection,
  values: ConnectionValues,
  confirmed: Confirmed | null,
): {
  label?: string
  address?: string
  username?: string
  password?: string
  fingerprint?: string | null
} {
  const changes: ReturnType<typeof changesOf> = {}
  const address = values.address.trim()
  if (values.label.trim() !== before.label) changes.label = values.label.trim()
  if (address !== before.address) changes.address = address
  if (values.username.trim() !== before.username) changes.username = values.username.trim()
  if (values.password !== '') changes.password = values.password
  if (
    confirmed &&
    isConfirmed(confirmed, address) &&
    confirmed.fingerprint !== before.fingerprint
  ) {
    changes.fingerprint = confirmed.fingerprint
  }
  return changes
}
