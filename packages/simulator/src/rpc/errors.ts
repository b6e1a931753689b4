/** A XenAPI failure: what a client sees as ErrorDescription `[code, ...params]`. */
export class XapiError extends Error {
  readonly code: string
  readonly params: string[]

  constructor(code: string, ...params: string[]) {
    super([code, ...params].join(' '))
    this.name = 'XapiError'
    this.code = code
    this.params = params
  }

  get description(): string[] {
    return [this.code, ...this.params]
  }
}

/** Anything that is not a XapiError becomes INTERNAL_ERROR, as in xapi (PROTOCOL 1.5.10). */
export function toXapiError(error: unknown): XapiError {
  if (error instanceof XapiError) return error
  return new XapiError('INTERNAL_ERROR', error instanceof Error ? error.message : String(error))
}

/** OCaml's printing of `Failure text`, the form of most of xapi's INTERNAL_ERRORs. */
export function failure(text: string): XapiError {
  return new XapiError(
    'INTERNAL_ERROR',
    `Failure("${text.replaceAll('\\', '\\\\').replaceAll('"', '\\"')}")`,
  )
}
