import { Trans, useLingui } from '@lingui/react/macro'
import { Link, useParams } from '@tanstack/react-router'
import { CopyText, DescriptionList, Section } from '@xendeck/ui'
import { useIsLoaded, useResource, useResources } from '../api/live.ts'
import { Gone, useLastName } from '../features/Gone.tsx'
import { linkLook } from '../features/links.tsx'
import { networkTypes } from '../features/network/network-words.ts'
import { PhysicalNicTable } from '../features/network/PhysicalNicTable.tsx'
import { NicTable } from '../features/vm/NicTable.tsx'
import { PoolBanner } from '../shell/ConnectionBanner.tsx'
import { Page } from '../shell/Page.tsx'
import { PageHeader } from '../shell/PageHeader.tsx'

export function NetworkDetailPage() {
  const { t, i18n } = useLingui()
  const { networkId } = useParams({ from: '/networks/$networkId' })
  const network = useResource('network', networkId)
  const isLoaded = useIsLoaded('network')
  const name = useLastName(network)
  const pool = useResource('pool', network?.poolId)
  const physical = useResources('physicalNic').filter((nic) => nic.networkId === networkId)
  const uplinks = physical.length
  const linked = physical.filter((nic) => nic.attached && nic.link.carrier).length
  const nics = useResources('nic').filter((nic) => nic.networkId === networkId)
  if (!network) {
    return (
      <Gone
        name={name}
        isLoading={!isLoaded}
        what={t`This network`}
        list={
          <Link to="/networks" className={linkLook}>
            <Trans>All networks</Trans>
          </Link>
        }
      />
    )
  }
  return (
    <Page
      head={
        <>
          <PageHeader
            title={network.name || network.id}
            meta={i18n._(networkTypes[network.type])}
          />
          <PoolBanner poolId={network.poolId} />
        </>
      }
    >
      <div className="space-y-7">
        <div className="grid gap-x-10 gap-y-5 min-[900px]:grid-cols-2">
          <DescriptionList
            className="content-start"
            items={[
              { term: t`VLAN`, value: network.vlans.length > 0 ? network.vlans.join(', ') : null },
              {
                term: t`Bridge`,
                value: <span className="font-mono text-caption">{network.bridge}</span>,
              },
              {
                term: t`Uplinks`,
                value: uplinks === 0 ? t`None` : t`${linked} of ${uplinks} with a link`,
              },
              { term: t`MTU`, value: network.mtu },
              {
                term: t`New interfaces`,
                value: network.defaultLocking === 'disabled' ? t`Blocked` : t`Allowed`,
              },
            ]}
          />
          <DescriptionList
            className="content-start"
            items={[
              { term: t`Pool`, value: pool?.name ?? null },
              network.description ? { term: t`Description`, value: network.description } : null,
              { term: t`UUID`, value: <CopyText text={network.id} /> },
            ]}
          />
        </div>
        <Section title={t`Physical interfaces`}>
          <PhysicalNicTable nics={physical} of="network" />
        </Section>
        <Section title={t`VM interfaces`}>
          <NicTable nics={nics} of="network" />
        </Section>
      </div>
    </Page>
  )
}
