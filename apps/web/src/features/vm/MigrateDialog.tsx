import { Plural, Trans, useLingui } from '@lingui/react/macro'
import type { Host, InputOf, Vm } from '@xendeck/contract'
import { Button, Dialog, RadioGroup, useLabels } from '@xendeck/ui'
import { SubmitError, type SubmitState } from '../SubmitError.tsx'
import { useState, type FormEvent } from 'react'
import { live, useResources } from '../../api/live.ts'
import { formatBytes } from '../../lib/bytes.ts'
import { byName } from '../../lib/sort.ts'
import { obstacleTo, type Obstacle, type Surroundings } from './migration.ts'

interface Props extends SubmitState {
  vms: readonly Vm[]
  onClose: () => void
  /** `movers`: those of the VMs that are not there already; moving one to its own host would copy it in vain. */
  onSubmit: (input: InputOf<'vm.migrate'>, movers: readonly Vm[]) => void
}

const around: Surroundings = {
  disk: (id) => live.get('disk', id),
  storage: (id) => live.get('storage', id),
  nic: (id) => live.get('nic', id),
  network: (id) => live.get('network', id),
  physicalNic: (id) => live.get('physicalNic', id),
  vm: (id) => live.get('vm', id),
  nics: () => live.list('nic'),
}

export function MigrateDialog({ vms, onClose, onSubmit, isPending, error }: Props) {
  const { t, i18n } = useLingui()
  const labels = useLabels()
  const hosts = useResources('host')
  const [hostId, setHostId] = useState('')
  const poolIds = new Set(vms.map((vm) => vm.poolId))
  const poolId = vms[0]?.poolId
  const candidates = hosts.filter((host) => host.poolId === poolId).toSorted(byName)
  const [first] = vms
  const chosen = candidates.find((host) => host.id === hostId)
  const reason = chosen ? verdictOn(chosen).cannot : t`Choose a host`
  const submit = (event: FormEvent) => {
    event.preventDefault()
    if (!reason) onSubmit({ hostId }, moversTo(hostId))
  }

  function moversTo(id: string): readonly Vm[] {
    return vms.filter((vm) => vm.hostId !== id)
  }

  /** `cannot`: nobody can go there. `some`: only some can. */
  function verdictOn(host: Host): { cannot: string | null; some: string | null } {
    const obstacles = vms.map((vm) => obstacleTo(host, vm, around)).filter((each) => each !== null)
    const count = obstacles.length
    // That some are there already says less than what keeps the others away.
    const worst = obstacles.find((obstacle) => obstacle.reason !== 'here') ?? obstacles[0]
    if (!worst) return { cannot: null, some: null }
    const text = textOf(worst)
    if (count === vms.length) return { cannot: text, some: null }
    return { cannot: null, some: t`${count} of ${vms.length} cannot: ${text}` }
  }

  function textOf(obstacle: Obstacle): string {
    switch (obstacle.reason) {
      case 'here':
        return vms.length === 1 ? t`It runs here` : t`Already there`
      case 'maintenance':
        return t`In maintenance`
      case 'unreachable':
        return t`Cannot be reached`
      case 'storage':
        return t`The storage ${obstacle.name} is not attached to this host`
      case 'network':
        return t`The network ${obstacle.name} is not on this host`
    }
  }

  function describe(host: Host): string {
    const { cannot, some } = verdictOn(host)
    if (cannot) return cannot
    const free = formatBytes(host.memory.free, i18n.locale)
    const total = formatBytes(host.memory.total, i18n.locale)
    const isTight = host.memory.free !== null && host.memory.free < memoryOf(moversTo(host.id))
    const room = isTight
      ? t`${free} of ${total} free: may not be enough`
      : t`${free} of ${total} free`
    return some ? `${room} · ${some}` : room
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
            description={t`It keeps running while its memory is copied: ${formatBytes(memoryOf(moversTo(hostId)), i18n.locale)}.`}
            value={hostId}
            onChange={setHostId}
            options={candidates.map((host) => ({
              value: host.id,
              label: host.name,
              isDisabled: verdictOn(host).cannot !== null,
              description: describe(host),
            }))}
          />
        )}
        <SubmitError error={error} />
      </form>
    </Dialog>
  )
}

/** Bytes that have to be copied. */
function memoryOf(vms: readonly Vm[]): number {
  return vms.reduce((sum, vm) => sum + (vm.memoryActual ?? vm.memory.dynamicMax), 0)
}
