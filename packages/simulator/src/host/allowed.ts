/** Keeps allowed_operations of hosts and the pool equal to what the checks say. */
import type { Database } from '../db/database.ts'
import type { Call } from '../rpc/registry.ts'
import { withOperation } from '../vm/current-operation.ts'
import { flag, map, refOrNone, text } from '../vm/row.ts'
import {
  allowedHostOperations,
  allowedPoolOperations,
  hostOperationError,
} from './host-operations.ts'
import type { HostView } from './host-operations.ts'

/** @throws XapiError HANDLE_INVALID */
export function hostView(db: Database, ref: string): HostView {
  const host = db.must('host', ref)
  return {
    ref,
    enabled: flag(host, 'enabled'),
    live: isLive(db, ref),
    powerOnMode: text(host, 'power_on_mode'),
    currentOperations: map(host, 'current_operations'),
  }
}

/** host_metrics.live: the pool hears the host's heartbeat. */
export function isLive(db: Database, host: string): boolean {
  const row = db.get('host', host)
  const metrics = row && refOrNone(row, 'metrics')
  return metrics !== undefined && db.get('host_metrics', metrics)?.['live'] === true
}

export function refreshHost(db: Database, ref: string): void {
  if (!db.get('host', ref)) return
  db.write('host', ref, { allowed_operations: allowedHostOperations(hostView(db, ref)) })
}

export function refreshPool(db: Database): void {
  const hasCluster = db.count('Cluster') > 0
  for (const [ref, row] of db.all('pool')) {
    const allowed = allowedPoolOperations({
      haEnabled: flag(row, 'ha_enabled'),
      hasCluster,
      currentOperations: map(row, 'current_operations'),
    })
    db.write('pool', ref, { allowed_operations: allowed })
  }
}

/** Runs `body` while host.current_operations names the operation. */
export function withHostOperation<T>(
  call: Call,
  host: string,
  operation: string,
  body: () => T | Promise<T>,
): Promise<T> {
  const { db } = call.pool
  const check = () => hostOperationError(hostView(db, host), operation)
  const refresh = () => refreshHost(db, host)
  return withOperation(call, { cls: 'host', ref: host, operation, check, refresh }, body)
}
