/** The messages of the pool itself: sessions, events, tasks, messages, roles, clocks. */
import { eventMessages } from '../events/messages.ts'
import { messageCalls } from '../messages/calls.ts'
import { localSessions } from '../session/local.ts'
import { sessionMessages } from '../session/messages.ts'
import { taskCalls } from '../tasks/calls.ts'
import { XapiError } from './errors.ts'
import type { Behaviour } from './registry.ts'
import { roleMessages } from './roles.ts'

const hosts: Behaviour = {
  handlers: {
    'host.get_servertime': ({ pool }, host: string) => {
      pool.db.must('host', host)
      return pool.clock.iso()
    },
    // Local time has no zone; the simulated hosts live in UTC.
    'host.get_server_localtime': ({ pool }, host: string) => {
      pool.db.must('host', host)
      return pool.clock.iso().replace('Z', '')
    },
    // No simulated host has an extension or a plugin.
    'host.has_extension': () => false,
    'pool.has_extension': () => false,
    'host.call_extension': ({ pool }, host: string, name: string) => {
      pool.db.must('host', host)
      throw new XapiError('MESSAGE_METHOD_UNKNOWN', name)
    },
    'host.call_plugin': ({ pool }, host: string, plugin: string) => {
      pool.db.must('host', host)
      throw new XapiError('XENAPI_MISSING_PLUGIN', plugin)
    },
    'host.list_methods': () => {
      throw new XapiError('NOT_IMPLEMENTED', 'list_method')
    },
  },
}

export function coreBehaviours(): Behaviour[] {
  return [
    sessionMessages,
    localSessions,
    eventMessages(),
    taskCalls,
    messageCalls,
    roleMessages,
    hosts,
  ]
}
