import {
  collections,
  operationPath,
  operations,
  type ApiError,
  type BatchResult,
  type InputOf,
  type OperationName,
  type OperationReply,
} from '@xendeck/contract'
import { apiUrl } from '../lib/base.ts'

export type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'

/** What the server refused or could not do, or, with status 0 and code `NETWORK`, that it was not reached. */
export class ApiRequestError extends Error {
  override readonly name = 'ApiRequestError'
  readonly code: string
  readonly params: readonly string[]
  readonly requestId: string
  readonly refusal: ApiError['refusal']
  readonly fields: Readonly<Record<string, string>>
  /** HTTP status; 0 where there was no reply. */
  readonly status: number
  /** Seconds until it makes sense to try again (Retry-After). */
  readonly retryAfter: number | null

  constructor(error: ApiError, status: number, retryAfter: number | null = null) {
    super(error.message)
    this.code = error.code
    this.params = error.params
    this.requestId = error.requestId
    this.refusal = error.refusal
    this.fields = error.fields ?? {}
    this.status = status
    this.retryAfter = retryAfter
  }
}

let csrfToken = ''
/** Of the present session; sent with every request that changes something. */
export function setCsrfToken(token: string): void {
  csrfToken = token
}

const signedOutListeners = new Set<() => void>()
/** Called when the server no longer knows the session. */
export function onSignedOut(listener: () => void): () => void {
  signedOutListeners.add(listener)
  return () => signedOutListeners.delete(listener)
}
export function reportSignedOut(): void {
  for (const listener of signedOutListeners) listener()
}

/** Sends a request and gives the reply unread. @throws {ApiRequestError} */
export async function send(
  method: Method,
  path: string,
  body?: unknown,
  signal?: AbortSignal,
): Promise<Response> {
  const headers = new Headers({ Accept: 'application/json' })
  if (method !== 'GET') headers.set('X-CSRF-Token', csrfToken)
  if (body !== undefined) headers.set('Content-Type', 'application/json')
  let response: Response
  try {
    response = await fetch(apiUrl(path), {
      method,
      headers,
      body: body === undefined ? undefined : JSON.stringify(body),
      credentials: 'same-origin',
      signal,
    })
  } catch (cause) {
    if (signal?.aborted) throw cause
    throw new ApiRequestError(
      { code: 'NETWORK', message: 'The server cannot be reached.', params: [], requestId: '' },
      0,
    )
  }
  if (response.ok) return response
  const error = await readError(response)
  if (error.code === 'SIGN_IN_REQUIRED') reportSignedOut()
  throw error
}

async function readError(response: Response): Promise<ApiRequestError> {
  const retryAfter = Number.parseInt(response.headers.get('Retry-After') ?? '', 10)
  const error = await response.json().then(
    (reply: { error?: ApiError }) => reply.error,
    () => undefined,
  )
  return new ApiRequestError(
    // A proxy in between answers in its own words.
    error ?? {
      code: response.status === 401 ? 'SIGN_IN_REQUIRED' : 'BAD_GATEWAY',
      message: `The server answered ${response.status} ${response.statusText}`.trim(),
      params: [],
      requestId: response.headers.get('X-Request-Id') ?? '',
    },
    response.status,
    Number.isNaN(retryAfter) ? null : retryAfter,
  )
}

/** One request; the reply's JSON, or undefined where there is none. @throws {ApiRequestError} */
export async function request<T>(
  method: Method,
  path: string,
  body?: unknown,
  signal?: AbortSignal,
): Promise<T> {
  const response = await send(method, path, body, signal)
  const text = await response.text()
  return (text === '' ? undefined : JSON.parse(text)) as T
}

/** Does one thing to one object. What it changes comes through the feed. @throws {ApiRequestError} */
export function operate<N extends OperationName>(
  name: N,
  id: string,
  input: InputOf<N>,
): Promise<OperationReply> {
  const path = `${collections[operations[name].kind]}/${encodeURIComponent(id)}/${operationPath(name)}`
  return request('POST', path, input)
}

/** Operations that make something new. @throws {ApiRequestError} */
export function create<N extends OperationName>(
  name: N,
  input: InputOf<N>,
): Promise<OperationReply> {
  return request('POST', collections[operations[name].kind], input)
}

/** One operation on many targets; a result for each, in their order. @throws {ApiRequestError} */
export async function batch<N extends OperationName>(
  operation: N,
  targets: readonly string[],
  input: InputOf<N>,
): Promise<BatchResult[]> {
  const reply = await request<{ results: BatchResult[] }>('POST', 'batch', {
    operation,
    targets,
    input,
  })
  return reply.results
}
