/* oxlint-disable jsx-a11y/no-autofocus -- focus has to begin somewhere in a dialog */
import { Plural, Trans, useLingui } from '@lingui/react/macro'
import type { Snapshot, Vm } from '@xendeck/contract'
import {
  Button,
  Checkbox,
  ConfirmDialog,
  Dialog,
  notices,
  TextArea,
  TextField,
  useLabels,
} from '@xendeck/ui'
import { useState, type FormEvent } from 'react'
import { operate } from '../../api/client.ts'
import { errorText } from '../../api/errors.ts'
import { live } from '../../api/live.ts'
import { formatBytes } from '../../lib/bytes.ts'
import { timestampName } from '../../lib/time.ts'
import { notSubmitted, SubmitError } from '../SubmitError.tsx'
import { When } from '../Since.tsx'
import { lossesOf } from './losses.ts'
import { runOnOne, taskEnd } from './run-action.ts'

interface Props {
  vm: Vm
  snapshot: Snapshot
  onClose: () => void
}

/** Sends, keeps the dialog open until it is accepted, and tells by a notice when the work itself fails later. */
function useSubmit(onClose: () => void, failureTitle: string) {
  const [state, setState] = useState(notSubmitted)
  const submit = async (work: () => Promise<{ taskId?: string }>) => {
    setState({ isPending: true, error: null })
    try {
      const { taskId } = await work()
      onClose()
      if (!taskId) return
      const task = await taskEnd(taskId)
      if (task?.status === 'failure') {
        notices.add({ tone: 'bad', title: failureTitle, detail: errorText(task.error) })
      }
    } catch (error) {
      setState({ isPending: false, error: errorText(error) })
    }
  }
  return { ...state, submit }
}

export function RevertDialog({ vm, snapshot, onClose }: Props) {
  const { t } = useLingui()
  const [keeps, setKeeps] = useState(vm.allowed.includes('snapshot'))
  const canKeep = vm.allowed.includes('snapshot')
  const { name } = snapshot
  const { isPending, error, submit } = useSubmit(onClose, t`${vm.name} was not reverted`)
  const revert = () =>
    void submit(async () => {
      if (keeps && canKeep) {
        // Only when the present is safe may it be overwritten.
        await runOnOne('vm.snapshot', vm.id, {
          name: t`Before reverting, ${timestampName(new Date())}`,
          description: t`Taken before going back to “${name}”.`,
          memory: false,
        })
      }
      return operate('snapshot.revert', snapshot.id, {})
    })
  return (
    <ConfirmDialog
      isOpen
      isDanger
      onClose={onClose}
      onConfirm={revert}
      isPending={isPending}
      error={error}
      title={t`Revert ${vm.name} to “${name}”?`}
      confirmLabel={t`Revert`}
      losses={
        keeps && canKeep
          ? []
          : [
              <Trans key="disks">
                Everything written to its disks since <When at={snapshot.takenAt} />
              </Trans>,
              ...(vm.powerState === 'running'
                ? [<Trans key="memory">What it is doing now: it is stopped at once</Trans>]
                : []),
            ]
      }
    >
      <p>
        {snapshot.withMemory ? (
          <Trans>
            Its disks and memory go back to what they were; it is then suspended, and continues from
            there when it is resumed.
          </Trans>
        ) : (
          <Trans>Its disks go back to what they were; it is then halted.</Trans>
        )}
      </p>
      <Checkbox
        isSelected={keeps && canKeep}
        isDisabled={!canKeep}
        onChange={setKeeps}
        description={
          canKeep
            ? t`So that you can come back to the present state.`
            : t`The pool does not allow it now.`
        }
      >
        <Trans>Take a snapshot first</Trans>
      </Checkbox>
    </ConfirmDialog>
  )
}

export function DeleteSnapshotDialog({ snapshot, onClose }: Props) {
  const { t, i18n } = useLingui()
  const { name } = snapshot
  const { isPending, error, submit } = useSubmit(onClose, t`The snapshot “${name}” was not deleted`)
  const losses = lossesOf([{ id: snapshot.id, drives: snapshot.drives, snapshotIds: [] }], (id) =>
    live.get('disk', id),
  )
  const size = formatBytes(losses.diskSize, i18n.locale)
  return (
    <ConfirmDialog
      isOpen
      isDanger
      onClose={onClose}
      onConfirm={() => void submit(() => operate('snapshot.delete', snapshot.id, {}))}
      isPending={isPending}
      error={error}
      title={t`Delete the snapshot “${name}”?`}
      confirmLabel={t`Delete snapshot`}
      losses={[
        <span key="disks">
          <Plural
            value={losses.disks.length}
            _0="No disk images"
            one="# disk image"
            other="# disk images"
          />
          {losses.disks.length > 0 && (
            <>
              {' '}
              ({size}): {losses.disks.map((disk) => disk.name || disk.id).join(', ')}
            </>
          )}
        </span>,
        ...(snapshot.withMemory ? [<Trans key="memory">The memory kept with it</Trans>] : []),
      ]}
    >
      <p>
        <Trans>The VM and its other snapshots stay. You can no longer go back to this one.</Trans>
      </p>
    </ConfirmDialog>
  )
}

export function RenameSnapshotDialog({ snapshot, onClose }: Props) {
  const { t } = useLingui()
  const labels = useLabels()
  const [name, setName] = useState(snapshot.name)
  const [description, setDescription] = useState(snapshot.description)
  const { isPending, error, submit } = useSubmit(onClose, t`Not renamed`)
  const missing = name.trim() === '' ? t`Give it a name` : null
  const onSubmit = (event: FormEvent) => {
    event.preventDefault()
    if (missing) return
    void submit(() => operate('snapshot.rename', snapshot.id, { name: name.trim(), description }))
  }
  return (
    <Dialog
      isOpen
      isBusy={isPending}
      onClose={onClose}
      title={t`Rename snapshot`}
      footer={
        <>
          <Button onPress={onClose}>{labels.cancel}</Button>
          <Button
            type="submit"
            form="rename-snapshot"
            variant="primary"
            isPending={isPending}
            disabledReason={missing}
          >
            <Trans>Save</Trans>
          </Button>
        </>
      }
    >
      <form id="rename-snapshot" onSubmit={onSubmit} className="space-y-4">
        <TextField label={t`Name`} value={name} onChange={setName} maxLength={255} autoFocus />
        <TextArea label={t`Description`} value={description} onChange={setDescription} rows={3} />
        <SubmitError error={error} />
      </form>
    </Dialog>
  )
}
