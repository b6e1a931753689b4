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
  '118-xml-control-char-in-param': {
    why: 'the XML parser has its own words',
    answer: /500 Internal Error[^]*malformed character entity/,
  },
  '400-xml-lone-surrogate-charref': {
    why: 'the XML parser has its own words',
    answer: /500 Internal Error[^]*malformed character entity/,
  },
  '312-http-post-dtd': {
    why: 'the XML parser has its own words',
    answer: /500 Internal Error[^]*XML declaration must be at the start/,
  },
  '289-json-malformed': {
    why: 'the JSON parser has its own words',
    answer: /500 Internal Error[^]*Yojson__Common\.Json_error/,
  },
}
