/**
 * Local sessions, which members answer too and which work while no coordinator is there (PROTOCOL
 * section 2.1): good for the few calls about the host itself.
 */
import type { Behaviour, Call } from '../rpc/registry.ts'
import { XapiError } from '../rpc/errors.ts'

const PAM_DELAY = 2

async function login({ pool, host, gone }: Call, name: string, password: string): Promise<string> {
  const account = pool.sessions.authenticate(name, password)
  if (account === undefined || account.role !== undefined) {
    await pool.sleep(PAM_DELAY, gone)
    throw new XapiError('SESSION_AUTHENTICATION_FAILED', name, 'Authentication failure')
  }
  return pool.sessions.createLocal(account, host).ref
}

export const localSessions: Behaviour = {
  handlers: {
    'session.slave_local_login_with_password': login,
    // The pool's secret never leaves xapi, so that nobody outside can know it.
    'session.slave_local_login': () => {
      throw new XapiError('SESSION_AUTHENTICATION_FAILED', '', 'Pool credentials invalid')
    },
    'session.local_logout': ({ pool, session }) => pool.sessions.destroy(session.ref),
    'pool.is_slave': ({ pool, host }) => host !== pool.coordinator(),
    'host.is_in_emergency_mode': () => false,
  },
}
