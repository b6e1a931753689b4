import type { Snapshot } from '@xendeck/contract'
import { useState } from 'react'
import { useSubject } from '../api/session.ts'
import {
  DeleteSnapshotDialog,
  RenameSnapshotDialog,
  RevertDialog,
} from '../features/vm/SnapshotDialogs.tsx'
import { SnapshotList, type SnapshotAction } from '../features/vm/SnapshotList.tsx'
import { useActionState } from '../features/vm/use-action-state.ts'
import { useVmPage } from '../features/vm/vm-page-context.ts'

const dialogs = {
  revert: RevertDialog,
  rename: RenameSnapshotDialog,
  delete: DeleteSnapshotDialog,
}

export function VmSnapshotsPage() {
  const { vm, run } = useVmPage()
  const subject = useSubject()
  const stateOf = useActionState()
  const [open, setOpen] = useState<{ action: SnapshotAction; snapshot: Snapshot } | null>(null)
  const takeReason = stateOf('vm.snapshot', [vm], subject).disabledReason
  const take = () => run('vm.snapshot', [vm])
  const DialogOf = open && dialogs[open.action]
  return (
    <div className="min-h-0 flex-1 overflow-y-auto px-5 py-3 narrow:px-4">
      <SnapshotList
        vm={vm}
        takeReason={takeReason}
        onTake={take}
        onAction={(action, snapshot) => setOpen({ action, snapshot })}
      />
      {open && DialogOf && (
        <DialogOf vm={vm} snapshot={open.snapshot} onClose={() => setOpen(null)} />
      )}
    </div>
  )
}
