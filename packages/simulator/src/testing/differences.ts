/** Where the simulator's replies are known to differ from a real xapi's, and why. */
export interface Difference {
  readonly why: string
  /** What the simulator answers. */
  readonly answer: RegExp
}

/** By recording. */
export const differences: Readonly<Record<string, Difference>> = {
  '119-xml-latin1-body': {
    why: 'where the first bad byte is, is not looked for',
    answer: /500 Internal Error[^]*Xmlm\.Error\(1:1, &quot;malformed character stream&quot;\)/,
  },
  '035-xml-allrec-task': {
    why: 'the tasks of the recorded host are in no database file',
    answer: /<name>Value<\/name><value><struct><\/struct>/,
  },
  '096-xml-allrec-task-again': {
    why: 'the tasks of the recorded host are in no database file',
    answer: /<name>Value<\/name><value><struct><\/struct>/,
  },
}
