/** task.*, the calls (PROTOCOL section 4). */
import type { Row } from '../db/database.ts'
import { assertRole } from '../rpc/rbac.ts'
import { assertLegal } from '../rpc/generic.ts'
import { XapiError } from '../rpc/errors.ts'
import type { Behaviour, Call } from '../rpc/registry.ts'

// Own: made by a session of the same account (taskHelper.ml:72-110).
function assertMine({ pool, session }: Call, ref: string, action: string): Row {
  const row = pool.db.must('task', ref)
  const owner = pool.db.get('session', String(row['session']))
  if (owner?.['auth_user_sid'] !== session.sid)
    assertRole(session, `task.${action}/any`, 'pool-operator')
  return row
}

function write(call: Call, ref: string, fields: Row): void {
  assertMine(call, ref, 'destroy')
  call.pool.db.write('task', ref, fields)
}

export const taskCalls: Behaviour = {
  handlers: {
    'task.create': ({ pool, session, host }, label: string, description: string) =>
      pool.tasks.create({ label, description, host, session: session.ref }),
    'task.destroy': (call, ref: string) => {
      assertMine(call, ref, 'destroy')
      call.pool.tasks.destroy(ref)
    },
    'task.cancel': (call, ref: string) => {
      assertMine(call, ref, 'cancel')
      // The canceller is no task of its own (recording 239).
      call.pool.tasks.cancel(ref, call.pool.tasks.dummy('task.cancel').key)
    },
    'task.set_status': (call, ref: string, status: string) => write(call, ref, { status }),
    'task.set_progress': (call, ref: string, progress: number) => write(call, ref, { progress }),
    'task.set_result': (call, ref: string, result: string) => write(call, ref, { result }),
    'task.set_error_info': (call, ref: string, errors: string[]) =>
      write(call, ref, { error_info: errors }),
    'task.set_other_config': (call, ref: string, map: Row) => {
      assertLegal(map)
      write(call, ref, { other_config: map })
    },
    'task.add_to_other_config': (call, ref: string, key: string, value: string) => {
      const map = assertMine(call, ref, 'destroy')['other_config'] as Row
      if (Object.hasOwn(map, key))
        throw new XapiError('MAP_DUPLICATE_KEY', 'task', 'other_config', ref, key)
      assertLegal({ [key]: value })
      write(call, ref, { other_config: { ...map, [key]: value } })
    },
    'task.remove_from_other_config': (call, ref: string, key: string) => {
      const { [key]: _removed, ...rest } = assertMine(call, ref, 'destroy')['other_config'] as Row
      write(call, ref, { other_config: rest })
    },
  },
  /** xapi's GC makes a pass every 30 s. */
  start: (pool) => {
    pool.every(30, () => {
      pool.tasks.collect()
      pool.sessions.collect()
    })
  },
}
