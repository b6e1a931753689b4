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
    return (
      <span className="text-muted">{used === null ? NOTHING : formatBytes(used, i18n.locale)}</span>
    )
  }
  const share = used / total
  return (
    <span className="flex w-full min-w-0 items-center gap-3">
      <ProgressBar
        label={label}
        value={share}
        tone={share >= 0.95 ? 'bad' : share >= 0.85 ? 'warn' : 'accent'}
        className="w-20 shrink-0"
      />
      <span className="truncate">
        {formatBytes(used, i18n.locale)}
        <span className="text-muted"> / {formatBytes(total, i18n.locale)}</span>
      </span>
    </span>
  )
}
