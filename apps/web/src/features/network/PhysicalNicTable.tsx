import { useLingui } from '@lingui/react/macro'
import type { PhysicalNic } from '@xendeck/contract'
import { Badge, State } from '@xendeck/ui'
import { live, useResources } from '../../api/live.ts'
import { NOTHING } from '../../lib/bytes.ts'
import { compareText } from '../../lib/sort.ts'
import { FactTable, type FactColumn } from '../FactTable.tsx'
import { HostLink, NetworkLink } from '../links.tsx'

/** PIFs: of one host (then with their network) or of one network (then with their host). */
export function PhysicalNicTable({
  nics,
  of,
}: {
  nics: readonly PhysicalNic[]
  of: 'host' | 'network'
}) {
  const { t } = useLingui()
  const first: FactColumn<PhysicalNic> =
    of === 'host'
      ? { id: 'network', header: t`Network`, cell: (nic) => <NetworkLink id={nic.networkId} /> }
      : { id: 'host', header: t`Host`, cell: (nic) => <HostLink id={nic.hostId} /> }
  return (
    <FactTable
      label={t`Physical interfaces`}
      empty={t`No physical interface: only VMs on one host reach each other here.`}
      rows={nics.toSorted(
        (a, b) =>
          compareText(
            live.get('host', a.hostId ?? '')?.name ?? '',
            live.get('host', b.hostId ?? '')?.name ?? '',
          ) ||
          compareText(a.device, b.device) ||
          (a.vlan?.tag ?? -1) - (b.vlan?.tag ?? -1),
      )}
      columns={[
        {
          id: 'device',
          header: t`Device`,
          isTitle: true,
          cell: (nic) => (
            <span className="inline-flex items-center gap-2">
              <span className="font-mono">{nic.device}</span>
              {nic.management && <Badge>{t`management`}</Badge>}
            </span>
          ),
        },
        first,
        { id: 'made', header: t`Made of`, isWide: true, cell: (nic) => <MadeOf nic={nic} /> },
        { id: 'link', header: t`Link`, cell: (nic) => <LinkState nic={nic} /> },
        {
          id: 'address',
          header: t`Address`,
          cell: (nic) =>
            nic.ipv4.address ? (
              <span className="font-mono text-caption">{nic.ipv4.address}</span>
            ) : (
              <span className="text-muted">{NOTHING}</span>
            ),
        },
        {
          id: 'mac',
          header: t`MAC`,
          cell: (nic) => <span className="font-mono text-caption">{nic.mac}</span>,
        },
        { id: 'mtu', header: t`MTU`, align: 'end', cell: (nic) => nic.mtu },
      ]}
    />
  )
}

/** What stands behind a PIF: a card, a VLAN on another, a bond of others, a tunnel. */
function MadeOf({ nic }: { nic: PhysicalNic }) {
  const { t } = useLingui()
  // PIFs are few and rarely change; one subscription for all of them is cheap.
  useResources('physicalNic')
  const device = (id: string | null) => live.get('physicalNic', id ?? '')?.device ?? NOTHING
  if (nic.vlan) {
    const { tag, onNicId } = nic.vlan
    return <>{t`VLAN ${tag} on ${device(onNicId)}`}</>
  }
  if (nic.bond) {
    const { mode, memberIds, linksUp } = nic.bond
    const members = memberIds.map(device).toSorted(compareText).join(' + ')
    return <>{t`Bond of ${members} (${mode}), ${linksUp} of ${memberIds.length} up`}</>
  }
  if (nic.tunnel) {
    const over = device(nic.tunnel.transportNicId)
    return <>{nic.tunnel.active ? t`Tunnel over ${over}` : t`Tunnel over ${over}, not active`}</>
  }
  if (nic.bondedIntoId) return <>{t`Member of ${device(nic.bondedIntoId)}`}</>
  if (nic.type === 'sriov') return <>{t`SR-IOV`}</>
  return (
    <span className="text-secondary">
      {[nic.link.vendor, nic.link.model].filter(Boolean).join(' ')}
    </span>
  )
}

function LinkState({ nic }: { nic: PhysicalNic }) {
  const { t } = useLingui()
  if (!nic.attached) return <State shape="halted">{t`Not attached`}</State>
  if (!nic.link.carrier) return <State shape="attention">{t`No link`}</State>
  const { speed } = nic.link
  return <State shape="ok">{speed === null ? t`Up` : speedText(speed)}</State>
}

/** Mbit/s → "10 Gbit/s". */
function speedText(speed: number): string {
  return speed >= 1000 && speed % 100 === 0 ? `${speed / 1000} Gbit/s` : `${speed} Mbit/s`
}
