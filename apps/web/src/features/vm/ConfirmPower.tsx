import { plural } from '@lingui/core/macro'
import { Trans, useLingui } from '@lingui/react/macro'
import type { Vm } from '@xendeck/contract'
import { ConfirmDialog } from '@xendeck/ui'
import type { SubmitState } from '../SubmitError.tsx'
import type { VmAction } from './actions.ts'
import { Names } from './DeleteDialog.tsx'

interface Props extends SubmitState {
  action: VmAction
  vms: readonly Vm[]
  /** Of the selection, those that cannot: "3 of 5. Not: …". */
  note: string | null
  onClose: () => void
  onSubmit: () => void
}

/** Asks before power is taken from guests: once, in one sentence. */
export function ConfirmPower({ action, vms, note, onClose, onSubmit, isPending, error }: Props) {
  const { t, i18n } = useLingui()
  const [first] = vms
  const verb = i18n._(action.verb)
  const count = vms.length
  const many = plural(count, { one: '# VM', other: '# VMs' })
  const isForced = action.group === 'force'
  return (
    <ConfirmDialog
      isOpen
      isDanger={isForced}
      isPending={isPending}
      error={error}
      onClose={onClose}
      onConfirm={onSubmit}
      title={count === 1 && first ? t`${verb} ${first.name}?` : t`${verb} ${many}?`}
      confirmLabel={count === 1 ? verb : t`${verb} ${many}`}
    >
      {isForced && (
        <p>
          <Trans>
            This is like pulling the plug: the guest is not told, and what it has not yet written to
            disk is lost.
          </Trans>
        </p>
      )}
      {count > 1 && <Names vms={vms} />}
      {note && <p className="text-muted">{note}</p>}
    </ConfirmDialog>
  )
}
