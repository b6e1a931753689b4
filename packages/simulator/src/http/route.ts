/** Runs an HTTP handler: authentication, permission, task, errors (PROTOCOL 9.1). */
import type { Pool } from '../pool.ts'
import { nobody } from '../rpc/dispatch.ts'
import { XapiError, toXapiError } from '../rpc/errors.ts'
import type { TaskHandle } from '../tasks/handle.ts'
import { assertAction, assertHttpPermission, authenticate } from './authentication.ts'
import type { Connection } from './connection.ts'
import { forbidden, internalError, notBuilt, unauthorised } from './errors.ts'
import type { HtmlReply } from './errors.ts'
import type { Head } from './head.ts'
import type { Response, Route } from './routes.ts'

/** @returns whether the connection stays open */
export async function serveRoute(
  pool: Pool,
  connection: Connection,
  head: Head,
  host: string,
  route: Route,
): Promise<boolean> {
  const label = route.options.label ?? route.path.slice(1)
  const named = cookieOrQuery(head, 'task_id')
  const failNamed = (error: XapiError) => {
    if (named && pool.db.get('task', named)) pool.tasks.fail(named, error)
  }
  const guarded = route.options.authenticate !== false
  const who = guarded
    ? await authenticate(pool, head, host)
    : { session: nobody(host), done: () => {} }
  if (!who) {
    failNamed(new XapiError('SESSION_AUTHENTICATION_FAILED'))
    await connection.html(head, unauthorised(label))
    return false
  }
  const { session } = who
  let keep = false
  let taken = false
  let replied: Promise<void> | undefined
  const response: Response = {
    send: (status, headers = [], body = '') => {
      const whole = Number(status) < 400 || (typeof status === 'string' && /^[23]/.test(status))
      keep =
        whole && head.keepAlive && head.method !== 'CONNECT' && !head.headers.has('content-length')
      const line = typeof status === 'number' ? `${status} ${REASONS[status] ?? 'Unknown'}` : status
      replied = connection.reply(head, line, { last: headers }, [Buffer.from(body)], keep)
    },
    sendContent: (headers, body) => {
      keep = head.keepAlive && !head.headers.has('content-length')
      replied = connection.content(headers, Buffer.from(body), keep)
    },
    takeOver: () => {
      taken = true
      return connection.takeOver()
    },
  }
  let task: TaskHandle | undefined
  try {
    if (guarded) assertAction(session, route)
    task = route.options.task
      ? startTask(pool, named, label, host, session.ref)
      : pool.tasks.dummy(label)
    await route.handler(
      {
        ...head,
        socket: connection.socket,
        body: async (length) => {
          const bytes = await connection.reader.bytes(length)
          if (!bytes) throw new Error('the connection ended within the body')
          return bytes
        },
      },
      response,
      {
        pool,
        host,
        session,
        task,
        gone: connection.gone,
        assertPermission: (permission) => assertHttpPermission(session, permission),
      },
    )
    await replied
    if (task.ref !== null)
      pool.tasks.succeed(task.ref, String(pool.db.get('task', task.ref)?.['result'] ?? ''))
  } catch (thrown) {
    const error = toXapiError(thrown)
    if (task?.ref) pool.tasks.fail(task.ref, error)
    else failNamed(error)
    keep = false
    if (taken) connection.socket.destroy()
    else if (!replied) {
      await connection.html(head, failurePage(error))
    }
  } finally {
    who.done()
  }
  return keep
}

function failurePage(error: XapiError): HtmlReply {
  if (error.code === 'RBAC_PERMISSION_DENIED') return forbidden()
  if (error.code === 'NOT_IMPLEMENTED') return notBuilt(error.params.join(' '))
  return internalError(error.description.join(', '))
}

const REASONS: Record<number, string> = {
  200: 'OK',
  302: 'Found',
  400: 'Bad Request',
  404: 'Not Found',
  500: 'Internal Error',
  501: 'Not Implemented',
  503: 'Service Unavailable',
}

function startTask(
  pool: Pool,
  named: string | null,
  label: string,
  host: string,
  session: string,
): TaskHandle {
  if (named === null) return pool.tasks.start({ label, host, session })
  pool.db.must('task', named)
  return pool.tasks.handle(named)
}

function cookieOrQuery(head: Head, name: string): string | null {
  const cookie = new RegExp(`(?:^|[;&,\\s])${name}=([^;&,\\s]+)`).exec(
    head.headers.get('cookie') ?? '',
  )
  return cookie?.[1] ?? head.query.get(name)
}
