import type { I18n, MessageDescriptor } from '@lingui/core'
import { msg } from '@lingui/core/macro'
import { Link } from '@tanstack/react-router'
import type { Vm } from '@xendeck/contract'
import { TagList, type Column } from '@xendeck/ui'
import { useResource } from '../../api/live.ts'
import { formatBytes, NOTHING } from '../../lib/bytes.ts'
import { CpuLoad } from '../CpuLoad.tsx'
import { shortOsName } from './os-name.ts'
import type { VmActions } from './use-vm-actions.tsx'
import { memoryOf, type VmColumn } from './vm-list.ts'
import { VmRowMenu } from './VmRowMenu.tsx'
import { VmStateLabel } from './VmStateLabel.tsx'

export const columnLabels: Record<VmColumn, MessageDescriptor> = {
  name: msg`Name`,
  state: msg`State`,
  address: msg`Address`,
  host: msg`Host`,
  vcpus: msg`vCPU`,
  memory: msg`Memory`,
  os: msg`OS`,
  tags: msg`Tags`,
  pool: msg`Pool`,
}

/** Cells look up what they name by themselves, so that a row is drawn anew only when what it shows changes. */
export function vmTableColumns(
  i18n: I18n,
  run: VmActions['run'],
  severalPools: boolean,
): readonly Column<Vm>[] {
  const column = (
    id: VmColumn,
    width: number,
    cell: Column<Vm>['cell'],
    rest: Partial<Column<Vm>> = {},
  ): Column<Vm> => ({
    id,
    header: i18n._(columnLabels[id]),
    width,
    isSortable: true,
    cell,
    ...rest,
  })
  const tagsWidth = severalPools ? 120 : 140
  const columns: (Column<Vm> | false)[] = [
    column('name', 160, (vm) => <NameLink vm={vm} />, { isFlexible: true }),
    column('state', 136, (vm) => <VmStateLabel vm={vm} />),
    column('address', 132, (vm) => <Address vm={vm} />),
    column('host', 104, (vm) => <HostName id={vm.hostId} />),
    column('vcpus', 72, (vm) => vm.vcpus.atStartup, { align: 'end' }),
    column('memory', 88, (vm) => formatBytes(memoryOf(vm), i18n.locale), { align: 'end' }),
    {
      id: 'load',
      header: i18n._(msg`CPU, 10 min`),
      width: 128,
      cell: (vm) => vm.powerState === 'running' && <CpuLoad kind="vm" id={vm.id} />,
    },
    // Where the pool takes its room, the system is on the VM's page.
    !severalPools && column('os', 124, (vm) => <System vm={vm} />),
    severalPools && column('pool', 110, (vm) => <PoolName id={vm.poolId} />),
    column('tags', tagsWidth, (vm) => <TagList tags={vm.tags} room={tagsWidth - 24} />),
    {
      id: 'actions',
      header: '',
      width: 56,
      align: 'end',
      cell: (vm) => <VmRowMenu vm={vm} run={run} />,
    },
  ]
  return columns.filter((each) => each !== false)
}

export function NameLink({ vm }: { vm: Vm }) {
  return (
    <Link
      to="/vms/$vmId"
      params={{ vmId: vm.id }}
      tabIndex={-1}
      title={vm.name}
      className="block truncate rounded-sm font-semibold hover:underline"
    >
      {vm.name}
    </Link>
  )
}

function Address({ vm }: { vm: Vm }) {
  const [first] = vm.addresses
  if (!first) return <Nothing />
  return (
    <span className="truncate font-mono text-caption" title={vm.addresses.join('\n')}>
      {first}
    </span>
  )
}

function System({ vm }: { vm: Vm }) {
  if (!vm.os?.name) return <Nothing />
  return (
    <span className="truncate text-secondary" title={vm.os.name}>
      {shortOsName(vm.os.name)}
    </span>
  )
}

function HostName({ id }: { id: string | null }) {
  const host = useResource('host', id)
  return <Plain text={host?.name} />
}

function PoolName({ id }: { id: string }) {
  const pool = useResource('pool', id)
  return <Plain text={pool?.name} />
}

function Plain({ text }: { text: string | null | undefined }) {
  if (!text) return <Nothing />
  return (
    <span className="truncate text-secondary" title={text}>
      {text}
    </span>
  )
}

function Nothing() {
  return <span className="text-muted">{NOTHING}</span>
}
