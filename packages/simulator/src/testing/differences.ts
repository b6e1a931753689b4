/** Where the simulator's replies are known to differ from a real xapi's, and why. */
export interface Difference {
  readonly why: string
  /** What the simulator answers. */
  readonly answer: RegExp
}

interface Group extends Difference {
  readonly numbers: readonly number[]
}

const XML_WORDS = 'the XML parser has its own words'
const TASKS_ON_HOST = 'the tasks of the recorded host are in no database file'

/** By the numbers of the recordings. */
const GROUPS: readonly Group[] = [
  {
    numbers: [119],
    why: 'where the first bad byte is, is not looked for',
    answer: /500 Internal Error[^]*Xmlm\.Error\(1:1, &quot;malformed character stream&quot;\)/,
  },
  { numbers: [35, 96], why: TASKS_ON_HOST, answer: /<name>Value<\/name><value><struct><\/struct>/ },
  {
    numbers: [118, 400],
    why: XML_WORDS,
    answer: /500 Internal Error[^]*malformed character entity/,
  },
  {
    numbers: [312],
    why: XML_WORDS,
    answer: /500 Internal Error[^]*XML declaration must be at the start/,
  },
  {
    numbers: [311],
    why: XML_WORDS,
    answer: /500 Internal Error[^]*Xmlm\.Error\(3:25, [^]*unclosed tag/,
  },
  {
    numbers: [289],
    why: 'the JSON parser has its own words',
    answer: /500 Internal Error[^]*Yojson__Common\.Json_error/,
  },
  {
    numbers: [60, 163],
    why: 'an empty ref in the database is shown as OpaqueRef:NULL',
    answer: /<name>metadata_of_pool<\/name><value>OpaqueRef:NULL<\/value>/,
  },
  {
    numbers: [66, 205],
    why: 'consoles are where the simulator serves them',
    answer: /<name>location<\/name><value>http:\/\/127\.0\.0\.1:\d+\/console\?uuid=/,
  },
  {
    numbers: [110],
    why: 'permissions of fields that have left the data model',
    answer: /<value>host_metrics\.get_memory_total<\/value>/,
  },
  {
    numbers: [131],
    why: 'xapi does not escape the names of map keys, which makes its document unreadable',
    answer: /<name>k&lt;&amp;&gt;<\/name>/,
  },
  {
    numbers: [156],
    why: 'a MAC address is random',
    answer: /<name>MAC<\/name><value>[0-9a-f:]{17}</,
  },
  {
    numbers: [174, 175, 176, 177, 178, 179, 182, 183, 184, 185, 194, 274, 275, 276],
    why: 'generations and the numbers of tasks and sessions are those of this pool',
    answer: /200 OK[^]*valid_ref_counts[^]*\d{20},\d{20}/,
  },
  {
    numbers: [191, 192, 193, 210, 402],
    why: 'waits for what the recorder did meanwhile on another connection',
    answer: /^$/,
  },
  {
    numbers: [196, 197],
    why: 'nothing takes time here: the start is over before it is looked at',
    answer: /<name>status<\/name><value>success|<name>Value<\/name><value><struct><\/struct>/,
  },
  {
    numbers: [199, 214, 216, 218, 220, 224, 226, 228],
    why: 'cancel points of the real host are not counted',
    answer: /<name>status<\/name><value>success<\/value>/,
  },
  {
    numbers: [230],
    why: 'a backtrace is of its own program',
    answer: /<name>status<\/name><value>failure<\/value>[^]*filename simulator/,
  },
  {
    numbers: [200, 202, 207, 209],
    why: 'the guest agent reports at once, with an address of its network; memory is in use',
    answer: /clean_shutdown|0\/ipv4\/0|<name>memory_actual<\/name><value>2147483648/,
  },
  {
    numbers: [211],
    why: 'the recorder had shut the VM down on another connection',
    answer: /<name>Value<\/name><value>Running<\/value>/,
  },
  {
    numbers: [212, 242],
    why: 'a task that the recorder made on another connection',
    answer: /HANDLE_INVALID<\/value><value>task/,
  },
  {
    numbers: [262, 319],
    why: "last_booted_record, the host's own note, is not written",
    answer: /last_booted_record"?(?::""|<\/name><value><\/value>)/,
  },
  {
    numbers: [264, 265],
    why: 'memory in use by what the recorder had running',
    answer: /"result":\{"OpaqueRef:[^]*"(?:memory_free|memory_actual)":/,
  },
  {
    numbers: [292, 306, 307, 315, 316, 317, 318, 324],
    why: 'one more VM was made on another connection',
    answer: /200 OK[^]*(?:<value>OpaqueRef:[0-9a-f-]{36}<\/value>){40}/,
  },
  {
    numbers: [326, 327],
    why: 'the recorder was reset before it read the reply',
    answer: /500 Internal Error[^]*Client_requested_size_over_limit/,
  },
  {
    numbers: [344, 345, 348, 349, 350, 351, 353],
    why: 'metrics are invented, with the times of now',
    answer:
      /^HTTP\/1\.1 200 OK\r\nConnection: keep-alive\r\nContent-Length: \d+\r\nCache-Control[^]*AVERAGE:(?:host|vm):/,
  },
  {
    numbers: [346, 347],
    why: 'metrics are invented, with the times of now',
    answer:
      /^HTTP\/1\.0 200 OK\r\nConnection: close\r\nCache-Control[^]*<rrd><version>0003<\/version><step>5<\/step>/,
  },
  {
    numbers: [357],
    why: 'that host wrote its audit log elsewhere',
    answer: /text\/plain\r\n\r\n\[[^]*'LOCAL_SUPERUSER' '' 'ALLOWED' 'OK' 'API' 'VM\.clone'/,
  },
  {
    numbers: [361],
    why: 'empty tables are written with an end tag, and generations differ',
    answer: /<database><manifest><pair key="schema_major_vsn" value="5"\/>[^]*<table name="VM">/,
  },
  {
    numbers: [356, 363, 365],
    why: 'not built',
    answer: /^HTTP\/1\.1 501 Not Implemented[^]*The simulator does not serve GET/,
  },
  {
    numbers: [370],
    why: 'tasks of the recorder had ended',
    answer: /<name>Value<\/name><value><array>/,
  },
  {
    numbers: [375],
    why: 'some messages were caused on another connection',
    answer: /<value>VM_CHECKPOINTED<\/value>/,
  },
]

/** By the number of the recording. */
export const differences: ReadonlyMap<number, Difference> = new Map(
  GROUPS.flatMap((group) => group.numbers.map((number) => [number, group] as const)),
)
