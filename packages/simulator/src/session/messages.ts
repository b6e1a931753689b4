/** session.* and subject.* (PROTOCOL 2.1, 2.6). */
import { XapiError } from '../rpc/errors.ts'
import { roleRef } from '../rpc/roles.ts'
import type { Behaviour } from '../rpc/registry.ts'

/** A wrong password costs about this long (recordings 4 to 6: PAM's delay), simulated seconds. */
const PAM_DELAY = 2

export const sessionMessages: Behaviour = {
  handlers: {
    'session.login_with_password': async (
      { pool, host, gone },
      name: string,
      password: string,
      _version: string,
      originator: string,
    ) => {
      const coordinator = pool.coordinator()
      if (host !== coordinator) throw new XapiError('HOST_IS_SLAVE', pool.hostAddress(coordinator))
      const account = pool.sessions.authenticate(name, password)
      if (!account) {
        await pool.sleep(PAM_DELAY, gone)
        throw new XapiError('SESSION_AUTHENTICATION_FAILED', name, 'Authentication failure')
      }
      const [subject] =
        [...pool.db.all('subject')].find(
          ([, row]) => row['subject_identifier'] === `sid-${name}`,
        ) ?? []
      return pool.sessions.create(account, host, originator, subject).ref
    },
    'session.logout': ({ pool, session }) => pool.sessions.destroy(session.ref),
    // The old password is ignored, as in xapi (xapi_session.ml:1377-1432).
    'session.change_password': ({ session }, _old: string, password: string) => {
      if (!session.root) {
        throw new XapiError(
          'USER_IS_NOT_LOCAL_SUPERUSER',
          'Only local superuser can change password',
        )
      }
      session.account.password = password
    },
    'session.slave_login': (_call, host: string) => {
      throw new XapiError('SESSION_AUTHENTICATION_FAILED', host, 'Pool credentials invalid')
    },
    // Subjects come from a directory, and none is joined; accounts of the simulator are made at its start.
    'subject.create': () => {
      throw new XapiError('AUTH_IS_DISABLED')
    },
    'session.get_all_subject_identifiers': ({ pool }) => [
      ...new Set(
        pool.sessions
          .all()
          .filter(({ sid }) => sid !== '')
          .map(({ sid }) => sid),
      ),
    ],
    'session.logout_subject_identifier': ({ pool }, sid: string) => {
      for (const session of pool.sessions.all())
        if (session.sid === sid && sid !== '') pool.sessions.destroy(session.ref)
    },
  },
  /** Accounts that are not root are subjects with a role. */
  start: (pool) => {
    for (const { name, role } of pool.sessions.accounts.values()) {
      if (role === undefined) continue
      pool.db.create('subject', {
        subject_identifier: `sid-${name}`,
        other_config: { 'subject-name': name, 'subject-is-group': 'false' },
        roles: [roleRef(role)],
      })
    }
  },
}
