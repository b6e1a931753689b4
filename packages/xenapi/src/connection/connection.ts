/** One pool: session, event stream, store. */
import type { ClassName } from '../generated/names.ts'
import { ObjectStore } from '../store/object-store.ts'
import type { MethodName, Params, Ref, Result } from '../types.ts'

export type LogLevel = 'debug' | 'info' | 'warn' | 'error'

export interface ConnectionOptions {
  /** `host`, `host:port`, `https://host` or `http://host:port`; https is the default. */
  address: string
  username: string
  password: string
  /** Shown in the session's record; xapi limits sessions per originator. */
  originator?: string
  /** SHA-256 fingerprints (`AA:BB:…`) of certificates that are accepted beside CA-signed ones. */
  fingerprints?: readonly string[]
  /** Addresses of other members, tried when `address` does not answer. */
  members?: readonly string[]
  /** Classes kept in the store. */
  classes?: readonly ClassName[]
  onLog?: (level: LogLevel, message: string, fields: Readonly<Record<string, unknown>>) => void
  /** Seconds that xapi may hold an event.from; 30 by default. */
  eventTimeout?: number
}

export interface ConnectionStatus {
  phase: 'idle' | 'connecting' | 'ready' | 'reconnecting' | 'failed' | 'closed'
  since: Date
  /** Why the phase is `reconnecting` or `failed`. */
  error: Error | null
  retryAt: Date | null
  /** Address of the pool coordinator. */
  coordinator: string | null
  members: readonly string[]
}

export declare class XenConnection {
  constructor(options: ConnectionOptions)
  readonly store: ObjectStore
  get status(): ConnectionStatus
  onStatus(listener: (status: ConnectionStatus) => void): () => void
  start(): void
  ready(signal?: AbortSignal): Promise<void>
  retryNow(): void
  close(): Promise<void>
  call<M extends MethodName>(method: M, ...params: Params<M>): Promise<Result<M>>
  taskResult(
    task: Ref<'task'>,
    options?: { signal?: AbortSignal; onProgress?: (progress: number) => void },
  ): Promise<string>
}
