import type {
  PasswordChangeInput,
  Permission,
  Session,
  SignInInput,
  Subject,
} from '@xendeck/contract'
import { QueryClient, queryOptions, useQuery } from '@tanstack/react-query'
import { useMemo } from 'react'
import { ApiRequestError, onSignedOut, request, setCsrfToken } from './client.ts'
import { feed } from './live.ts'

export const queryClient = new QueryClient({
  defaultOptions: {
    queries: {
      retry: (failures, error) =>
        error instanceof ApiRequestError &&
        (error.status === 0 || error.status >= 502) &&
        failures < 3,
    },
  },
})

/** Who has signed in; null where nobody has. */
export const sessionQuery = queryOptions({
  queryKey: ['session'],
  queryFn: async ({ signal }): Promise<Session | null> => {
    try {
      return accept(await request<Session>('GET', 'session', undefined, signal))
    } catch (error) {
      if (error instanceof ApiRequestError && error.code === 'SIGN_IN_REQUIRED') return null
      throw error
    }
  },
  staleTime: Infinity,
  gcTime: Infinity,
})

/** Who it was last, while the sign-in is shown over the page that lost its session. */
let lastUser: Session['user'] | null = null

function accept(session: Session): Session {
  setCsrfToken(session.csrfToken)
  if (lastUser !== null && lastUser.id !== session.user.id) {
    // Someone else must not see what the one before had on the screen.
    feed.stop(true)
    window.location.reload()
  }
  lastUser = session.user
  if (!session.mustChangePassword) feed.start()
  return session
}

/** The name of whose session ended by itself, under a page; null where nobody was signed in. */
export function expiredUser(): string | null {
  return lastUser?.name ?? null
}

onSignedOut(() => {
  feed.stop(false)
  queryClient.setQueryData(sessionQuery.queryKey, null)
})

/** The present session; null while signed out. Suspends nothing: the shell shows pages only to who has signed in. */
export function useSession(): Session | null {
  return useQuery(sessionQuery).data ?? null
}

/** The person, in the form that `can` wants. */
export function useSubject(): Subject | null {
  const user = useSession()?.user
  return useMemo(
    () => (user ? { userId: user.id, name: user.name, role: user.role, pools: 'all' } : null),
    [user],
  )
}

export function useHasPermission(permission: Permission): boolean {
  return useSession()?.permissions.includes(permission) ?? false
}

/** @throws {ApiRequestError} */
export async function signIn(input: SignInInput): Promise<Session> {
  const session = accept(await request<Session>('POST', 'session', input))
  queryClient.setQueryData(sessionQuery.queryKey, session)
  return session
}

/** Ends the session here even where the server cannot be told. */
export async function signOut(): Promise<void> {
  await request('DELETE', 'session').catch(() => undefined)
  feed.stop(true)
  lastUser = null
  queryClient.clear()
  queryClient.setQueryData(sessionQuery.queryKey, null)
}

/** @throws {ApiRequestError} */
export async function changePassword(input: PasswordChangeInput): Promise<void> {
  await request('POST', 'session/password', input)
  // The server gives a new session with a new token.
  await queryClient.fetchQuery({ ...sessionQuery, staleTime: 0 })
}
