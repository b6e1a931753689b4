import { useLingui } from '@lingui/react/macro'
import type { Nic } from '@xendeck/contract'
import { live, useResources } from '../../api/live.ts'
import { NOTHING } from '../../lib/bytes.ts'
import { compareText } from '../../lib/sort.ts'
import { FactTable, type FactColumn } from '../FactTable.tsx'
import { NetworkLink, OwnerLink } from '../links.tsx'

/** Virtual NICs: of one VM (then with their network) or of one network (then with their owner). */
export function NicTable({ nics, of }: { nics: readonly Nic[]; of: 'vm' | 'network' }) {
  const { t } = useLingui()
  const first: FactColumn<Nic> =
    of === 'vm'
      ? {
          id: 'network',
          header: t`Network`,
          isWide: true,
          cell: (nic) => <NetworkLink id={nic.networkId} />,
        }
      : { id: 'vm', header: t`VM`, isWide: true, cell: (nic) => <OwnerLink id={nic.vmId} /> }
  return (
    <FactTable
      label={t`Network interfaces`}
      empty={t`No network interfaces.`}
      rows={nics.toSorted(
        (a, b) => compareText(ownerOf(a), ownerOf(b)) || compareText(a.device, b.device),
      )}
      columns={[
        { id: 'device', header: '#', align: 'end', isTight: true, cell: (nic) => nic.device },
        first,
        {
          id: 'mac',
          header: t`MAC`,
          cell: (nic) => <span className="font-mono text-caption">{nic.mac}</span>,
        },
        {
          id: 'addresses',
          header: t`Addresses`,
          cell: (nic) =>
            nic.addresses.length > 0 ? (
              <span className="font-mono text-caption">{nic.addresses.join(', ')}</span>
            ) : (
              <span className="text-muted">{NOTHING}</span>
            ),
        },
        {
          id: 'attached',
          header: t`Attached`,
          cell: (nic) => (nic.attached ? t`Yes` : <span className="text-muted">{t`No`}</span>),
        },
      ]}
    />
  )
}

/** All of one VM have the same; on a network they stand by VM. */
function ownerOf(nic: Nic): string {
  return live.get('vm', nic.vmId ?? '')?.name ?? ''
}

export function useNics(ids: readonly string[]): Nic[] {
  const all = useResources('nic')
  const wanted = new Set(ids)
  return all.filter((nic) => wanted.has(nic.id))
}
