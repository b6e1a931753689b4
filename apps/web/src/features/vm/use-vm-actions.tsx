import { plural } from '@lingui/core/macro'
import { useLingui } from '@lingui/react/macro'
import type { InputOf, Vm } from '@xendeck/contract'
import { notices } from '@xendeck/ui'
import { useCallback, useEffect, useRef, useState, type ReactNode } from 'react'
import { operate } from '../../api/client.ts'
import { errorText } from '../../api/errors.ts'
import { live } from '../../api/live.ts'
import { useSubject } from '../../api/session.ts'
import { byName } from '../../lib/sort.ts'
import { notSubmitted, type SubmitState } from '../SubmitError.tsx'
import { vmAction, type VmOperation } from './actions.ts'
import { ConfirmPower } from './ConfirmPower.tsx'
import { DeleteDialog } from './DeleteDialog.tsx'
import { MigrateDialog } from './MigrateDialog.tsx'
import { ResultsDialog } from './ResultsDialog.tsx'
import { runOnMany, taskEnd, type TargetResult } from './run-action.ts'
import { SnapshotDialog } from './SnapshotDialog.tsx'
import { TagsDialog } from './TagsDialog.tsx'
import { useActionState } from './use-action-state.ts'

interface Open {
  operation: VmOperation
  vms: readonly Vm[]
  note: string | null
}

interface Results {
  operation: VmOperation
  input: InputOf<VmOperation>
  results: readonly TargetResult[]
}

const withDialog = new Set<VmOperation>([
  'vm.snapshot',
  'vm.forceShutDown',
  'vm.forceRestart',
  'vm.migrate',
  'vm.tag',
  'vm.delete',
])

export interface VmActions {
  /** Does it to those of `vms` that can, asking first where that is due. */
  run: (operation: VmOperation, vms: readonly Vm[]) => void
  /** Put it somewhere on the page: the dialogs of what runs. */
  dialogs: ReactNode
}

/** Everything a page needs to act on VMs: the same dialogs, words and results wherever it is started. */
export function useVmActions(): VmActions {
  const { t, i18n } = useLingui()
  const subject = useSubject()
  const stateOf = useActionState()
  const [open, setOpen] = useState<Open | null>(null)
  const [submit, setSubmit] = useState<SubmitState>(notSubmitted)
  const [results, setResults] = useState<Results | null>(null)
  /** Which run the results on the screen belong to; reports of a closed one end in a notice instead. */
  const shownRun = useRef(0)

  const failed = useCallback(
    (operation: VmOperation, name: string, error: unknown) => {
      const verb = i18n._(vmAction(operation).verb)
      notices.add({ tone: 'bad', title: t`${verb} failed: ${name}`, detail: errorText(error) })
    },
    [t, i18n],
  )

  /** Resolves when it was accepted; a failure of the work itself is told by a notice. */
  const runOne = useCallback(
    async (operation: VmOperation, vm: Vm, input: InputOf<VmOperation>) => {
      const { taskId } = await operate(operation, vm.id, input)
      if (!taskId) return
      void taskEnd(taskId).then((task) => {
        if (task?.status === 'failure') failed(operation, vm.name, task.error)
      })
    },
    [failed],
  )

  const runMany = useCallback(
    (
      operation: VmOperation,
      vms: readonly { id: string; name: string }[],
      input: InputOf<VmOperation>,
      kept: readonly TargetResult[] = [],
    ) => {
      shownRun.current += 1
      const run = shownRun.current
      let all: TargetResult[] = [
        ...kept,
        ...vms.map(({ id, name }) => ({
          id,
          name,
          state: 'waiting' as const,
          taskId: null,
          error: null,
        })),
      ]
      setResults({ operation, input, results: all })
      void runOnMany(operation, vms, input, (id, change) => {
        all = all.map((result) => (result.id === id ? { ...result, ...change } : result))
        if (run === shownRun.current) {
          setResults({ operation, input, results: all })
          return
        }
        if (all.some(({ state }) => state === 'waiting' || state === 'running')) return
        const failures = all.filter(({ state }) => state === 'failed').length
        const done = all.filter(({ state }) => state === 'done').length
        const verb = i18n._(vmAction(operation).verb)
        notices.add({
          tone: failures > 0 ? 'bad' : 'ok',
          title: t`${verb}: ${plural(all.length, { one: '# VM', other: '# VMs' })}`,
          detail: t`${done} done, ${failures} failed`,
        })
      })
    },
    [t, i18n],
  )

  // Rows are memoised by what they are given: `run` must stay the same function while everything else changes.
  const latest = useRef<VmActions['run']>(() => {})
  useEffect(() => {
    latest.current = (operation, vms) => {
      const { split, note, disabledReason } = stateOf(operation, vms, subject)
      const able = split().able.toSorted(byName)
      const [first] = able
      if (!first) {
        // The button was true a moment ago.
        const verb = i18n._(vmAction(operation).verb)
        if (disabledReason)
          notices.add({ tone: 'warn', title: t`${verb} is not possible`, detail: disabledReason })
        return
      }
      const asksForMany = vmAction(operation).confirmsMany && able.length > 1
      if (withDialog.has(operation) || asksForMany) {
        setSubmit(notSubmitted)
        setOpen({ operation, vms: able, note })
      } else if (able.length === 1 && vms.length === 1) {
        runOne(operation, first, {}).catch((error: unknown) => failed(operation, first.name, error))
      } else {
        runMany(operation, able, {})
      }
    }
  })
  const run = useCallback<VmActions['run']>((operation, vms) => latest.current(operation, vms), [])

  const close = () => setOpen(null)
  const send = (input: InputOf<VmOperation>, to?: readonly Vm[]) => {
    if (!open) return
    const targets = to ?? open.vms
    const [first] = targets
    if (!first) return
    if (targets.length > 1) {
      close()
      runMany(open.operation, targets, input)
      return
    }
    setSubmit({ isPending: true, error: null })
    runOne(open.operation, first, input).then(close, (error: unknown) =>
      setSubmit({ isPending: false, error: errorText(error) }),
    )
  }

  const dialogs = (
    <>
      {open && <ActionDialog open={open} submit={submit} onClose={close} onSubmit={send} />}
      {results && (
        <ResultsDialog
          verb={i18n._(vmAction(results.operation).verb)}
          results={results.results}
          onClose={() => {
            shownRun.current += 1
            setResults(null)
          }}
          onRetry={(ids) => {
            const again = results.results.filter((result) => ids.includes(result.id))
            const kept = results.results.filter((result) => !ids.includes(result.id))
            runMany(results.operation, again, results.input, kept)
          }}
        />
      )}
    </>
  )
  return { run, dialogs }
}

interface ActionDialogProps {
  open: Open
  submit: SubmitState
  onClose: () => void
  /** `to`: those of the VMs that it is for; all where not given. */
  onSubmit: (input: InputOf<VmOperation>, to?: readonly Vm[]) => void
}

function ActionDialog({ open, submit, onClose, onSubmit }: ActionDialogProps) {
  const { operation, note } = open
  // As they are now; one that vanished keeps its last known face, and the server then says that it is gone.
  const vms = open.vms.map((vm) => live.get('vm', vm.id) ?? vm)
  const props = { vms, onClose, onSubmit, ...submit }
  switch (operation) {
    case 'vm.snapshot':
      return <SnapshotDialog {...props} />
    case 'vm.migrate':
      return <MigrateDialog {...props} />
    case 'vm.tag':
      return <TagsDialog {...props} />
    case 'vm.delete':
      return <DeleteDialog {...props} />
    default:
      return (
        <ConfirmPower
          {...props}
          action={vmAction(operation)}
          note={note}
          onSubmit={() => onSubmit({})}
        />
      )
  }
}
