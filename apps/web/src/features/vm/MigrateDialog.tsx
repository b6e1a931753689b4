import { Plural, Trans, useLingui } from '@lingui/react/macro'
import type { Host, InputOf, Vm } from '@xendeck/contract'
import { Button, Dialog, RadioGroup, useLabels } from '@xendeck/ui'
import { SubmitError, type SubmitState } from '../SubmitError.tsx'
import { useState, type FormEvent } from 'react'
import { useResources } from '../../api/live.ts'
import { formatBytes } from '../../lib/bytes.ts'
import { byName } from '../../lib/sort.ts'

interface Props extends SubmitState {
  vms: readonly Vm[]
  onClose: () => void
  onSubmit: (input: InputOf<'vm.migrate'>) => void
}

export function MigrateDialog({ vms, onClose, onSubmit, isPending, error }: Props) {
  const { t, i18n } = useLingui()
  const labels = useLabels()
  const hosts = useResources('host')
  const [hostId, setHostId] = useState('')
  const poolIds = new Set(vms.map((vm) => vm.poolId))
  const poolId = vms[0]?.poolId
  const candidates = hosts.filter((host) => host.poolId === poolId).toSorted(byName)
  const needed = vms
    .filter((vm) => vm.hostId !== hostId)
    .reduce((sum, vm) => sum + (vm.memoryActual ?? vm.memory.dynamicMax), 0)
  const [first] = vms
  const chosen = candidates.find((host) => host.id === hostId)
  const reason = chosen ? cannotGo(chosen) : t`Choose a host`
  const submit = (event: FormEvent) => {
    event.preventDefault()
    if (!reason) onSubmit({ hostId })
  }

  function cannotGo(host: Host): string | null {
    if (vms.every((vm) => vm.hostId === host.id)) {
      return vms.length === 1 ? t`It runs here` : t`They run here`
    }
    if (host.state === 'maintenance') return t`In maintenance`
    if (host.state === 'unreachable') return t`Cannot be reached`
    return null
  }

  return (
    <Dialog
      isOpen
      isBusy={isPending}
      onClose={onClose}
      size="medium"
      title={
        vms.length === 1 && first ? (
          <Trans>Migrate {first.name}</Trans>
        ) : (
          <Plural value={vms.length} one="Migrate # VM" other="Migrate # VMs" />
        )
      }
      footer={
        <>
          <Button onPress={onClose}>{labels.cancel}</Button>
          <Button
            type="submit"
            form="migrate"
            isPending={isPending}
            variant="primary"
            disabledReason={poolIds.size > 1 ? t`Choose VMs of one pool` : reason}
          >
            <Trans>Migrate</Trans>
          </Button>
        </>
      }
    >
      <form id="migrate" onSubmit={submit} className="space-y-3">
        {poolIds.size > 1 ? (
          <p>
            <Trans>
              The VMs are in different pools. A VM moves between the hosts of its own pool.
            </Trans>
          </p>
        ) : (
          <RadioGroup
            label={t`To which host`}
            description={t`It keeps running while its memory is copied: ${formatBytes(needed, i18n.locale)}.`}
            value={hostId}
            onChange={setHostId}
            options={candidates.map((host) => {
              const free = formatBytes(host.memory.free, i18n.locale)
              const total = formatBytes(host.memory.total, i18n.locale)
              const isTight = host.memory.free !== null && host.memory.free < needed
              const cannot = cannotGo(host)
              return {
                value: host.id,
                label: host.name,
                isDisabled: cannot !== null,
                description:
                  cannot ??
                  (isTight
                    ? t`${free} of ${total} free: may not be enough`
                    : t`${free} of ${total} free`),
              }
            })}
          />
        )}
        <SubmitError error={error} />
      </form>
    </Dialog>
  )
}
