/** One column of a reply: whose, and which data source. */
export interface RrdColumn {
  readonly owner: 'vm' | 'host' | 'sr'
  readonly uuid: string
  /** `cpu0`, `memory`, `vif_0_rx`, … */
  readonly source: string
}

export interface RrdUpdates {
  /** Seconds between two rows. */
  readonly step: number
  readonly columns: readonly (RrdColumn | undefined)[]
  /** Newest first; a value is NaN where the host has none. */
  readonly rows: readonly { readonly time: number; readonly values: readonly number[] }[]
}

const owners = new Set<string>(['vm', 'host', 'sr'])

/**
 * Reads `GET /rrd_updates?json=true` (PROTOCOL section 10). Since xapi 23.31 every number is a string; before, numbers
 * were bare, with NaN and Infinity among them, which is no JSON.
 * @throws TypeError for anything else
 */
export function parseRrdUpdates(text: string): RrdUpdates {
  const { meta, data } = asObject(parse(text))
  const { step, legend } = asObject(meta)
  if (!Array.isArray(legend) || !Array.isArray(data)) throw notMetrics()
  return {
    step: asNumber(step),
    columns: legend.map(parseColumn),
    rows: data.map((row: unknown) => {
      const { t, values } = asObject(row)
      if (!Array.isArray(values)) throw notMetrics()
      return { time: asNumber(t), values: values.map(asNumber) }
    }),
  }
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    try {
      return JSON.parse(text.replaceAll(/([[,:]\s*)-?(?:NaN|Infinity)\b/g, '$1null'))
    } catch {
      throw notMetrics()
    }
  }
}

/** `AVERAGE:vm:<uuid>:cpu0`; undefined for one of another form. */
function parseColumn(legend: unknown): RrdColumn | undefined {
  if (typeof legend !== 'string') return undefined
  const [, owner = '', uuid = '', ...source] = legend.split(':')
  if (!isOwner(owner)) return undefined
  return { owner, uuid, source: source.join(':') }
}

function isOwner(text: string): text is RrdColumn['owner'] {
  return owners.has(text)
}

function asObject(value: unknown): Record<string, unknown> {
  if (typeof value !== 'object' || value === null) throw notMetrics()
  return { ...value }
}

/** NaN for null, "NaN" and what is no number. */
function asNumber(value: unknown): number {
  return value === null || value === '' ? Number.NaN : Number(value)
}

function notMetrics(): TypeError {
  return new TypeError('the host’s metrics are not of the form that they should have')
}
