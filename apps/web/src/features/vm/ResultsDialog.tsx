import { plural } from '@lingui/core/macro'
import { Plural, Trans, useLingui } from '@lingui/react/macro'
import { Button, Dialog, State, useLabels, type StateShape } from '@xendeck/ui'
import { errorText } from '../../api/errors.ts'
import { useResource } from '../../api/live.ts'
import { formatPercent } from '../../lib/bytes.ts'
import { VmLink } from '../links.tsx'
import type { TargetResult } from './run-action.ts'

interface Props {
  /** The verb of the action. */
  verb: string
  results: readonly TargetResult[]
  onClose: () => void
  onRetry: (ids: string[]) => void
}

/** What became of a bulk action: a line for each VM, live, the failed first. */
export function ResultsDialog({ verb, results, onClose, onRetry }: Props) {
  const { t } = useLingui()
  const labels = useLabels()
  const failed = results.filter((result) => result.state === 'failed')
  const done = results.filter((result) => result.state === 'done').length
  const running = results.filter(({ state }) => state === 'waiting' || state === 'running').length
  const failures = failed.length
  const count = results.length
  // Failures come first once all is over; before that, lines keep their places.
  const shown =
    running > 0 ? results : [...failed, ...results.filter((result) => result.state !== 'failed')]
  const many = plural(count, { one: '# VM', other: '# VMs' })
  return (
    <Dialog
      isOpen
      size="medium"
      onClose={onClose}
      title={t`${verb}: ${many}`}
      footer={
        <>
          <output className="mr-auto text-secondary">
            {running > 0 ? (
              <Trans>
                {done} done, {running} running, {failures} failed
              </Trans>
            ) : (
              <Trans>
                {done} done, {failures} failed
              </Trans>
            )}
          </output>
          {failures > 0 && running === 0 && (
            <Button onPress={() => onRetry(failed.map((result) => result.id))}>
              <Plural value={failures} one="Retry # failed" other="Retry # failed" />
            </Button>
          )}
          <Button variant="primary" onPress={onClose}>
            {labels.close}
          </Button>
        </>
      }
    >
      <ul className="divide-y divide-hairline">
        {shown.map((result) => (
          <Line key={result.id} result={result} />
        ))}
      </ul>
    </Dialog>
  )
}

const shapes: Record<TargetResult['state'], StateShape> = {
  waiting: 'unknown',
  running: 'moving',
  done: 'ok',
  failed: 'failed',
  cancelled: 'attention',
  skipped: 'halted',
}

function Line({ result }: { result: TargetResult }) {
  const { t, i18n } = useLingui()
  const task = useResource('task', result.taskId)
  const words: Record<TargetResult['state'], string> = {
    waiting: t`Waiting`,
    running: t`Running`,
    done: t`Done`,
    failed: t`Failed`,
    cancelled: t`Cancelled`,
    skipped: t`Skipped`,
  }
  const progress =
    result.state === 'running' && task && task.progress > 0
      ? ` ${formatPercent(task.progress, i18n.locale)}`
      : ''
  return (
    <li className="grid grid-cols-[minmax(0,1fr)_7rem] gap-x-4 py-1.5">
      <span className="truncate">
        <VmLink id={result.id} fallback={result.name} />
      </span>
      <State shape={shapes[result.state]}>
        {words[result.state]}
        {progress}
      </State>
      {result.error != null && (
        <span className={`col-span-2 ${result.state === 'failed' ? 'text-bad' : 'text-muted'}`}>
          {errorText(result.error)}
        </span>
      )}
    </li>
  )
}
