import { Trans, useLingui } from '@lingui/react/macro'
import type { Vm } from '@xendeck/contract'
import { Button, Spinner, StateIcon } from '@xendeck/ui'
import { useEffect, useState } from 'react'
import { useSubject } from '../../api/session.ts'
import { vmAction, type VmOperation } from '../vm/actions.ts'
import { useActionState } from '../vm/use-action-state.ts'
import type { Unavailable } from './availability.ts'
import type { ConsolePhase } from './session.ts'
import { wordsOf } from './words.ts'

/** What brings a console back, offered in place. */
const remedies: Partial<Record<Unavailable, VmOperation>> = {
  halted: 'vm.start',
  suspended: 'vm.resume',
  paused: 'vm.unpause',
}

interface Props {
  vm: Vm
  phase: ConsolePhase
  run: (operation: VmOperation, vms: readonly Vm[]) => void
  retryNow: () => void
}

/** Over the screen while it shows nothing live: what is the matter, what happens next, what one can do. */
export function ConsoleNotice({ vm, phase, run, retryNow }: Props) {
  const { i18n } = useLingui()
  const subject = useSubject()
  const stateOf = useActionState()
  if (phase.name === 'connected' || phase.name === 'idle') return null
  const words = wordsOf(phase)
  const remedy = phase.name === 'unavailable' ? remedies[phase.reason] : undefined
  const isMoving = words.shape === 'moving'
  return (
    <div className="absolute inset-0 grid place-items-center bg-[#0a0c0fcc] p-6">
      <div className="flex max-w-88 flex-col items-center gap-2 text-center">
        {isMoving ? (
          <Spinner className="text-muted" />
        ) : (
          <StateIcon shape={words.shape} className="size-4" />
        )}
        <p className="text-heading font-semibold text-primary">{i18n._(words.title)}</p>
        {words.detail && <p className="text-secondary">{i18n._(words.detail)}</p>}
        {phase.name === 'waiting' && phase.retryAt !== null && <Countdown until={phase.retryAt} />}
        {remedy && (
          <Button
            className="mt-2"
            disabledReason={stateOf(remedy, [vm], subject).disabledReason}
            onPress={() => run(remedy, [vm])}
          >
            {i18n._(vmAction(remedy).label)}
          </Button>
        )}
        {phase.name === 'waiting' && (
          <Button className="mt-2" onPress={retryNow}>
            <Trans>Connect now</Trans>
          </Button>
        )}
      </div>
    </div>
  )
}

function Countdown({ until }: { until: number }) {
  const [now, setNow] = useState(() => Date.now())
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), 250)
    return () => clearInterval(timer)
  }, [])
  const seconds = Math.max(0, Math.ceil((until - now) / 1000))
  return (
    <p className="text-muted" aria-hidden="true">
      {seconds === 0 ? <Trans>Trying again</Trans> : <Trans>Trying again in {seconds} s</Trans>}
    </p>
  )
}
