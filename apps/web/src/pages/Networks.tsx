import { useLingui } from '@lingui/react/macro'
import { useNavigate, useSearch } from '@tanstack/react-router'
import type { Network } from '@xendeck/contract'
import type { Column } from '@xendeck/ui'
import { useMemo } from 'react'
import { useResources } from '../api/live.ts'
import { dotted, NameCell, PoolCell, TextCell } from '../features/cells.tsx'
import { ListPage } from '../features/ListPage.tsx'
import { networkTypes } from '../features/network/network-words.ts'

const fields = (network: Network) => [
  network.name,
  network.bridge,
  network.type,
  network.id,
  ...network.vlans.map(String),
  ...network.tags,
]

export function NetworksPage() {
  const { t, i18n } = useLingui()
  const navigate = useNavigate()
  const search = useSearch({ from: '/networks' })
  const networks = useResources('network')
  const severalPools = useResources('pool').length > 1
  const nics = useResources('nic')
  const vms = useResources('vm')
  const connected = useMemo(() => {
    // Snapshots and templates have NICs too; nobody counts those as connected.
    const isVm = new Set(vms.map((vm) => vm.id))
    const counts = new Map<string, number>()
    for (const { networkId, vmId } of nics) {
      if (networkId !== null && vmId !== null && isVm.has(vmId)) {
        counts.set(networkId, (counts.get(networkId) ?? 0) + 1)
      }
    }
    return counts
  }, [nics, vms])
  const values = useMemo(
    () => ({
      name: (network: Network) => network.name,
      type: (network: Network) => network.type,
      vlan: (network: Network) => network.vlans[0],
      bridge: (network: Network) => network.bridge,
      mtu: (network: Network) => network.mtu,
      nics: (network: Network) => network.physicalNicIds.length,
      vms: (network: Network) => connected.get(network.id) ?? 0,
    }),
    [connected],
  )
  const columns = useMemo(() => {
    const all: (Column<Network> | false)[] = [
      {
        id: 'name',
        header: t`Name`,
        width: 220,
        isFlexible: true,
        isSortable: true,
        cell: (network) => (
          <NameCell
            to="/networks/$networkId"
            params={{ networkId: network.id }}
            name={network.name || network.id}
          />
        ),
      },
      {
        id: 'type',
        header: t`Type`,
        width: 160,
        isSortable: true,
        cell: (network) => i18n._(networkTypes[network.type]),
      },
      {
        id: 'vlan',
        header: t`VLAN`,
        width: 80,
        align: 'end',
        isSortable: true,
        cell: (network) => network.vlans.join(', '),
      },
      severalPools && {
        id: 'pool',
        header: t`Pool`,
        width: 130,
        cell: (network) => <PoolCell id={network.poolId} />,
      },
      {
        id: 'bridge',
        header: t`Bridge`,
        width: 120,
        isSortable: true,
        cell: (network) => <TextCell isMono>{network.bridge}</TextCell>,
      },
      {
        id: 'mtu',
        header: t`MTU`,
        width: 76,
        align: 'end',
        isSortable: true,
        cell: (network) => network.mtu,
      },
      {
        id: 'nics',
        header: t`PIFs`,
        width: 76,
        align: 'end',
        isSortable: true,
        cell: (network) => network.physicalNicIds.length,
      },
      {
        id: 'vms',
        header: t`VM interfaces`,
        width: 130,
        align: 'end',
        isSortable: true,
        cell: (network) => connected.get(network.id) ?? 0,
      },
    ]
    return all.filter((column) => column !== false)
    // The words change with the language, which i18n itself does not tell.
    // oxlint-disable-next-line react/exhaustive-deps
  }, [t, i18n.locale, severalPools, connected])
  return (
    <ListPage
      kind="network"
      path="/networks"
      search={search}
      title={t`Networks`}
      rows={networks}
      columns={columns}
      values={values}
      fields={fields}
      placeholder={t`Filter by name, VLAN, bridge, type, tag or uuid`}
      narrow={(network) => ({
        title: (
          <NameCell
            to="/networks/$networkId"
            params={{ networkId: network.id }}
            name={network.name || network.id}
          />
        ),
        aside: i18n._(networkTypes[network.type]),
        detail: dotted(
          network.vlans.length > 0 && `VLAN ${network.vlans.join(', ')}`,
          network.bridge,
          `MTU ${network.mtu}`,
        ),
      })}
      empty={{ title: t`No networks`, text: t`The networks of connected pools appear here.` }}
      onOpen={({ id }) => void navigate({ to: '/networks/$networkId', params: { networkId: id } })}
    />
  )
}
