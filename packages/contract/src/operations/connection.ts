import * as z from 'zod/mini'
import type { Connection } from '../resources/connection.ts'
import { noInput, operation, refuse } from './define.ts'

const label = z.string().check(z.maxLength(100))
/** A bare host name or address, or a URL; the scheme defaults to https. */
const address = z.string().check(z.minLength(1), z.maxLength(300))
const fingerprint = z.string().check(z.regex(/^([0-9A-F]{2}:){31}[0-9A-F]{2}$/))

const editable = (connection: Connection) =>
  connection.origin === 'configuration' ? refuse('fromConfiguration') : null

export const connectionOperations = {
  'connection.create': operation({
    kind: 'connection',
    creates: true,
    summary:
      'Register a pool. A certificate that no CA vouches for must be given by its fingerprint.',
    permission: 'connection.manage',
    input: z.object({
      address,
      username: z.string().check(z.minLength(1), z.maxLength(200)),
      password: z.string().check(z.minLength(1), z.maxLength(1000)),
      label: z.optional(label),
      fingerprint: z.optional(fingerprint),
    }),
  }),
  'connection.edit': operation({
    kind: 'connection',
    summary: 'Change the label, address, account or pinned certificate. What is not given stays.',
    permission: 'connection.manage',
    input: z.object({
      label: z.optional(label),
      address: z.optional(address),
      username: z.optional(z.string().check(z.minLength(1), z.maxLength(200))),
      password: z.optional(z.string().check(z.minLength(1), z.maxLength(1000))),
      fingerprint: z.optional(z.nullable(fingerprint)),
    }),
    can: editable,
  }),
  'connection.delete': operation({
    kind: 'connection',
    summary: 'Forget the pool and its credentials. The pool itself is not touched.',
    permission: 'connection.manage',
    dangerous: true,
    input: noInput,
    can: editable,
  }),
  'connection.connect': operation({
    kind: 'connection',
    summary: 'Connect, or try again at once.',
    permission: 'connection.manage',
    bulk: true,
    input: noInput,
    can: (connection) =>
      connection.state === 'connected' ? refuse('already', { state: 'connected' }) : null,
  }),
  'connection.disconnect': operation({
    kind: 'connection',
    summary: 'End the connection until it is asked for again.',
    permission: 'connection.manage',
    bulk: true,
    input: noInput,
    can: (connection) =>
      connection.state === 'disconnected' ? refuse('already', { state: 'disconnected' }) : null,
  }),
} as const

/** `POST /api/v1/certificate-probes`: what a server shows, before anything is sent to it. */
export const certificateProbeInput = z.object({ address })
export interface CertificateProbe {
  address: string
  /** Null for plain http. */
  certificate: null | {
    fingerprint: string
    subject: string
    issuer: string
    validFrom: string
    validTo: string
    /** A CA that this machine trusts vouches for it, for this name. */
    trusted: boolean
    /** Why it is not trusted, e.g. `DEPTH_ZERO_SELF_SIGNED_CERT`. */
    problem: string | null
  }
}
