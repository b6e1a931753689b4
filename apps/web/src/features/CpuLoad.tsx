import { useLingui } from '@lingui/react/macro'
import { Sparkline } from '@xendeck/ui'
import { CURVE_LENGTH, type LoadKind } from '../api/load-poller.ts'
import { useLoad } from '../api/loads.ts'

/** Most machines idle: of a curve up to 100 % nothing could be seen. Busier ones raise the top. */
const TOP = 0.4

/** Ten minutes of CPU use as a curve, with what it is now. Its room is the same before anything is known. */
export function CpuLoad({ kind, id, width = 56 }: { kind: LoadKind; id: string; width?: number }) {
  const { i18n } = useLingui()
  const curve = useLoad(kind, id)
  const now = curve?.at(-1)
  return (
    <span className="flex items-center gap-2">
      <span className="block" style={{ width }}>
        {curve && <Sparkline values={curve} capacity={CURVE_LENGTH} max={TOP} width={width} />}
      </span>
      <span className="w-10 text-end tabular-nums">
        {now == null ? '' : i18n.number(now, { style: 'percent', maximumFractionDigits: 0 })}
      </span>
    </span>
  )
}
