/** How much a reply may hold before decoding stops with a DecodeError. */
export interface DecodeLimits {
  /** Bytes of the whole reply. A pool of 5,000 VMs takes about 100 MB in one event.from. */
  readonly bytes: number
  /** Values in values. XenAPI needs about 10. */
  readonly depth: number
  /** Values in all: scalars, arrays, structs. */
  readonly values: number
  /** Members of one struct. */
  readonly members: number
  /** Bytes of one text. */
  readonly string: number
  /** Bytes of one member name. */
  readonly name: number
}

export const DEFAULT_LIMITS: DecodeLimits = {
  bytes: 512 * 1024 * 1024,
  depth: 64,
  values: 20_000_000,
  members: 1_000_000,
  string: 64 * 1024 * 1024,
  name: 16 * 1024,
}
