/** Where the simulator's replies are known to differ from a real xapi's, and why. */
export interface Difference {
  readonly why: string
  /** What the simulator answers. */
  readonly answer: RegExp
}

/** By recording. */
export const differences: Readonly<Record<string, Difference>> = {}
