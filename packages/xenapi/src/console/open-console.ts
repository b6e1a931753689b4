import type { Duplex } from 'node:stream'
import type { XenConnection } from '../connection/connection.ts'

export declare function openConsole(
  connection: XenConnection,
  location: string,
  options?: { signal?: AbortSignal },
): Promise<Duplex>
