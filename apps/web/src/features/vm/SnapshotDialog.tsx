/* oxlint-disable jsx-a11y/no-autofocus -- focus has to begin somewhere in a dialog */
import { Plural, Trans, useLingui } from '@lingui/react/macro'
import type { InputOf, Vm } from '@xendeck/contract'
import { Button, Checkbox, Dialog, TextArea, TextField, useLabels } from '@xendeck/ui'
import { SubmitError, type SubmitState } from '../SubmitError.tsx'
import { useState, type FormEvent } from 'react'
import { refusalText } from '../../api/errors.ts'
import { timestampName } from '../../lib/time.ts'
import { checkpointRefusal } from './checkpoint.ts'

interface Props extends SubmitState {
  vms: readonly Vm[]
  onClose: () => void
  onSubmit: (input: InputOf<'vm.snapshot'>) => void
}

export function SnapshotDialog({ vms, onClose, onSubmit, isPending, error }: Props) {
  const { t } = useLingui()
  const labels = useLabels()
  const [name, setName] = useState(() => timestampName(new Date()))
  const [description, setDescription] = useState('')
  const [memory, setMemory] = useState(false)
  const refusals = vms.map(checkpointRefusal).filter((refusal) => refusal !== null)
  const canKeepMemory = refusals.length < vms.length
  const first = vms[0]
  const missing = name.trim() === '' ? t`Give it a name` : null
  const submit = (event: FormEvent) => {
    event.preventDefault()
    if (missing) return
    onSubmit({
      name: name.trim(),
      description: description.trim(),
      memory: memory && canKeepMemory,
    })
  }
  return (
    <Dialog
      isOpen
      isBusy={isPending}
      onClose={onClose}
      title={
        vms.length === 1 && first ? (
          <Trans>Take a snapshot of {first.name}</Trans>
        ) : (
          <Plural
            value={vms.length}
            one="Take a snapshot of # VM"
            other="Take a snapshot of # VMs"
          />
        )
      }
      footer={
        <>
          <Button onPress={onClose}>{labels.cancel}</Button>
          <Button
            type="submit"
            form="snapshot"
            variant="primary"
            isPending={isPending}
            disabledReason={missing}
          >
            <Trans>Take snapshot</Trans>
          </Button>
        </>
      }
    >
      <form id="snapshot" onSubmit={submit} className="space-y-4">
        <TextField label={t`Name`} value={name} onChange={setName} maxLength={255} autoFocus />
        <TextArea
          label={t`Description`}
          value={description}
          onChange={setDescription}
          rows={2}
          placeholder={t`What state is this, and why keep it?`}
        />
        <Checkbox
          isSelected={memory && canKeepMemory}
          onChange={setMemory}
          isDisabled={!canKeepMemory}
          description={memoryNote()}
        >
          <Trans>With memory</Trans>
        </Checkbox>
        <SubmitError error={error} />
      </form>
    </Dialog>
  )

  function memoryNote() {
    const [refusal] = refusals
    if (!canKeepMemory && refusal) return refusalText(refusal)
    if (refusal) {
      const able = vms.length - refusals.length
      return t`Possible for ${able} of ${vms.length}; the others fail: ${refusalText(refusal)}`
    }
    return t`Also what is in memory, so that going back to it continues where it was. Takes longer and needs as much space as the VM has memory.`
  }
}
