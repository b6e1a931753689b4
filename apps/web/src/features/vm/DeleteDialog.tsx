/* oxlint-disable jsx-a11y/no-autofocus -- focus has to begin somewhere in a dialog */
import { Plural, Trans, useLingui } from '@lingui/react/macro'
import type { InputOf, Vm } from '@xendeck/contract'
import { Button, Dialog, RadioGroup, TextField, useLabels } from '@xendeck/ui'
import { SubmitError, type SubmitState } from '../SubmitError.tsx'
import { useState, type FormEvent } from 'react'
import { live } from '../../api/live.ts'
import { formatBytes } from '../../lib/bytes.ts'
import { lossesOf, needsTypedName } from './losses.ts'

interface Props extends SubmitState {
  vms: readonly Vm[]
  onClose: () => void
  onSubmit: (input: InputOf<'vm.delete'>) => void
}

/** How many of a long list are named before "and 12 more". */
const NAMED = 6

export function DeleteDialog({ vms, onClose, onSubmit, isPending, error }: Props) {
  const { t, i18n } = useLingui()
  const labels = useLabels()
  const [withDisks, setWithDisks] = useState(true)
  const [typed, setTyped] = useState('')
  const losses = lossesOf(vms, (id) => live.get('disk', id))
  const first = vms[0]
  const count = vms.length
  const wanted = count === 1 && first ? first.name : String(count)
  const isTyping = needsTypedName(count, losses, withDisks)
  const size = formatBytes(losses.diskSize, i18n.locale)
  const disks = losses.disks.length
  const submit = (event: FormEvent) => {
    event.preventDefault()
    if (!isTyping || typed === wanted) onSubmit({ disks: withDisks })
  }
  return (
    <Dialog
      isOpen
      isBusy={isPending}
      role="alertdialog"
      onClose={onClose}
      title={
        count === 1 && first ? (
          <Trans>Delete {first.name}?</Trans>
        ) : (
          <Plural value={count} one="Delete # VM?" other="Delete # VMs?" />
        )
      }
      footer={
        <>
          <Button onPress={onClose} autoFocus={!isTyping}>
            {labels.cancel}
          </Button>
          <Button
            type="submit"
            form="delete-vm"
            isPending={isPending}
            variant="danger"
            disabledReason={isTyping && typed !== wanted ? t`Type ${wanted} to confirm` : null}
          >
            <Plural value={count} one="Delete VM" other="Delete # VMs" />
          </Button>
        </>
      }
    >
      <form id="delete-vm" onSubmit={submit} className="space-y-4">
        {count > 1 && <Names vms={vms} />}
        <RadioGroup
          label={t`What goes with it`}
          hideLabel
          value={withDisks ? 'with' : 'without'}
          onChange={(value) => setWithDisks(value === 'with')}
          options={[
            {
              value: 'with',
              label: t`Delete disks and snapshots too`,
              description: (
                <>
                  <Plural value={disks} _0="No disk" one="# disk" other="# disks" /> ({size}),{' '}
                  <Plural
                    value={losses.snapshots}
                    _0="no snapshot"
                    one="# snapshot"
                    other="# snapshots"
                  />
                  . <Trans>They cannot be brought back.</Trans>
                  {losses.kept > 0 && (
                    <>
                      {' '}
                      <Plural
                        value={losses.kept}
                        one="# disk that something else uses stays."
                        other="# disks that something else uses stay."
                      />
                    </>
                  )}
                </>
              ),
            },
            {
              value: 'without',
              label: t`Keep the disks`,
              description: (
                <>
                  <Trans>They stay on their storage and can be attached to another VM.</Trans>
                  {losses.snapshots > 0 && (
                    <>
                      {' '}
                      <Plural
                        value={losses.snapshots}
                        one="# snapshot stays too, without a VM to go back to."
                        other="# snapshots stay too, without a VM to go back to."
                      />
                    </>
                  )}
                </>
              ),
            },
          ]}
        />
        {withDisks && count === 1 && disks > 0 && (
          <ul className="rounded-md bg-bad-soft px-3 py-2">
            {losses.disks.slice(0, NAMED).map((disk) => (
              <li key={disk.id} className="flex justify-between gap-4">
                <span className="truncate">{disk.name}</span>
                <span className="shrink-0 text-secondary">
                  {formatBytes(disk.size, i18n.locale)}
                </span>
              </li>
            ))}
            <More count={disks - NAMED} />
          </ul>
        )}
        {isTyping && (
          <TextField
            label={t`Type ${wanted} to confirm`}
            value={typed}
            onChange={setTyped}
            autoComplete="off"
            autoFocus
            isMono
          />
        )}
        <SubmitError error={error} />
      </form>
    </Dialog>
  )
}

/** Who is meant, as a sentence's worth of names. */
export function Names({ vms }: { vms: readonly { id: string; name: string }[] }) {
  return (
    <ul className="columns-2 gap-4 text-secondary narrow:columns-1">
      {vms.slice(0, NAMED).map((vm) => (
        <li key={vm.id} className="truncate">
          {vm.name}
        </li>
      ))}
      <More count={vms.length - NAMED} />
    </ul>
  )
}

function More({ count }: { count: number }) {
  if (count <= 0) return null
  return (
    <li className="text-muted">
      <Plural value={count} one="and # more" other="and # more" />
    </li>
  )
}
