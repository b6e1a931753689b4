/** event.* (PROTOCOL section 3). */
import { toIso } from '../clock.ts'
import type { Value } from '../db/database.ts'
import type { Behaviour } from '../rpc/registry.ts'
import { eventBatch } from '../wire/records.ts'
import { formatToken } from './events.ts'

/** What a session registered for the deprecated event.next. */
interface Registration {
  readonly classes: Set<string>
  token: string
}

const LONGEST = 24 * 3600

export function eventMessages(): Behaviour {
  const registered = new Map<string, Registration>()
  return {
    handlers: {
      'event.from': async (
        { pool, session, gone, cut },
        classes: string[],
        token: string,
        timeout: number,
      ) =>
        eventBatch(
          await pool.events.from(classes, token, timeout, {
            ended: session.ended,
            gone,
            ...(cut && { cut }),
          }),
        ),
      'event.inject': ({ pool }, cls: string, ref: string) => {
        pool.db.touch(cls, ref)
        const token = formatToken(pool.db.generation, pool.messages.generation)
        // The next token is greater than the one returned (PROTOCOL 3.2).
        pool.db.touch(cls, ref)
        return token
      },
      'event.register': ({ pool, session }, classes: string[]) => {
        const registration = registered.get(session.ref) ?? {
          classes: new Set(),
          token: pool.events.token,
        }
        for (const cls of classes) registration.classes.add(cls)
        if (registered.has(session.ref)) return
        registered.set(session.ref, registration)
        session.ended.addEventListener('abort', () => registered.delete(session.ref), {
          once: true,
        })
      },
      'event.unregister': ({ session }, classes: string[]) => {
        for (const cls of classes) registered.get(session.ref)?.classes.delete(cls)
      },
      // Without a registration xapi blocks (recording 189): so does a wait for nothing.
      'event.next': async ({ pool, session, gone, cut }) => {
        const registration = registered.get(session.ref) ?? {
          classes: new Set<string>(),
          token: pool.events.token,
        }
        const batch = await pool.events.from(
          [...registration.classes],
          registration.token,
          LONGEST,
          {
            ended: session.ended,
            gone,
            ...(cut && { cut }),
          },
        )
        registration.token = batch.token
        return batch.events.map(({ id, class: cls, operation, ref, entry }): Value => ({
          id: Number(id),
          timestamp: toIso(pool.clock.now()),
          class: cls,
          operation,
          ref,
          obj_uuid: String(entry?.row['uuid'] ?? ''),
        }))
      },
      // xapi counts event.next's events, of which nobody has any (recording 187).
      'event.get_current_id': () => 0,
    },
  }
}
