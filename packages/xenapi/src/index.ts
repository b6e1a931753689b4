/** XenAPI for TypeScript: typed calls, sessions, event stream, object store, consoles. */
export type {
  Enum,
  EventBatch,
  EventEntry,
  MethodName,
  Params,
  Ref,
  Result,
  XenRecord,
} from './types.ts'
export { NULL_REF } from './types.ts'
export type * from './generated/records.ts'
export type { Enums } from './generated/enums.ts'
export type { ErrorCode } from './generated/errors.ts'
export { errorParameters } from './generated/errors.ts'
export type { AsyncMethodName, Methods } from './generated/methods.ts'
export type { ClassName } from './generated/names.ts'
export { eventClasses, listableClasses } from './generated/names.ts'
export type { DecodeReason, TransportReason } from './errors.ts'
export {
  CertificateError,
  ConsoleRefusedError,
  DecodeError,
  TransportError,
  XenApiError,
} from './errors.ts'
export { parseDate } from './dates.ts'
export type { StoreChange, StoreListener } from './store/object-store.ts'
export { ObjectStore } from './store/object-store.ts'
export type {
  CallSettings,
  ConnectionOptions,
  ConnectionStatus,
  LogLevel,
} from './connection/connection.ts'
export { XenConnection } from './connection/connection.ts'
export type { CertificateFacts } from './connection/probe.ts'
export { probeCertificate } from './connection/probe.ts'
export { openConsole } from './console/open-console.ts'
export { httpGet, type GetOptions } from './http/get.ts'
export type { TaskOptions } from './connection/tasks.ts'
export { DEFAULT_CLASSES } from './store/follow.ts'
