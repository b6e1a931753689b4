import { useLingui } from '@lingui/react/macro'
import { ProgressBar } from '@xendeck/ui'
import { formatBytes, NOTHING } from '../lib/bytes.ts'

interface Props {
  label: string
  /** Bytes. */
  used: number | null
  total: number | null
}

/** How much of something is used, as a bar and as numbers. Amber from 85 %, red from 95 %. */
export function UsageBar({ label, used, total }: Props) {
  const { i18n } = useLingui()
  if (used === null || total === null || total <= 0) {
    return <span className="text-muted">{used ? formatBytes(used, i18n.locale) : NOTHING}</span>
  }
  const share = used / total
  return (
    <span className="flex w-full min-w-0 items-center gap-2">
      <ProgressBar
        label={label}
        value={share}
        tone={share >= 0.95 ? 'bad' : share >= 0.85 ? 'warn' : 'accent'}
        className="w-20 min-w-6"
      />
      <span className="flex shrink-0">
        {/* Of one width, so that what stands behind it is aligned from row to row. */}
        <span className="w-15 shrink-0 text-right">{formatBytes(used, i18n.locale)}</span>
        <span className="text-muted">&nbsp;/ {formatBytes(total, i18n.locale)}</span>
      </span>
    </span>
  )
}
