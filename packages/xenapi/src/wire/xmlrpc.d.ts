/** The parts of the `xmlrpc` package (1.3.2) that are used here; it has no types of its own. */
declare module 'xmlrpc/lib/serializer.js' {
  export function serializeMethodCall(method: string, params: readonly unknown[]): string
}

declare module 'xmlrpc/lib/deserializer.js' {
  import type { Readable } from 'node:stream'

  export default class Deserializer {
    deserializeMethodResponse(
      stream: Readable,
      callback: (error: Error | undefined, value: unknown) => void,
    ): void
  }
}

declare module 'xmlrpc/lib/customtype.js' {
  /** A value that writes itself as one element with text. */
  export default class CustomType {
    constructor(raw: string)
    raw: string
    tagName: string
  }
}
