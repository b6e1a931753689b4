import { useLingui } from '@lingui/react/macro'
import type { Vm } from '@xendeck/contract'
import {
  CopyText,
  DescriptionList,
  EditableTags,
  InlineEdit,
  notices,
  Section,
  TagList,
} from '@xendeck/ui'
import { useMemo } from 'react'
import { operate } from '../../api/client.ts'
import { errorText } from '../../api/errors.ts'
import { live, useResource, useResources } from '../../api/live.ts'
import { formatBytes, NOTHING } from '../../lib/bytes.ts'
import { CpuLoad } from '../CpuLoad.tsx'
import { HostLink } from '../links.tsx'
import { lossesOf } from './losses.ts'
import { useRefusal } from './use-refusal.ts'
import { toolsLabels, virtualizationLabels } from './words.ts'

/** Narrow enough for the panel beside a console. */
const FACT_COLUMNS = 'grid-cols-[7rem_minmax(0,1fr)]!'

/** Everything about a VM that is one line: guest, resources, place, tags, identity. */
export function VmFacts({ vm, columns = false }: { vm: Vm; columns?: boolean }) {
  return (
    <div
      className={
        columns
          ? 'grid gap-x-10 gap-y-6 min-[900px]:grid-cols-2 min-[1500px]:grid-cols-3'
          : 'space-y-6'
      }
    >
      <Guest vm={vm} />
      <Resources vm={vm} />
      <Place vm={vm} />
      <About vm={vm} isNarrow={!columns} />
    </div>
  )
}

function Guest({ vm }: { vm: Vm }) {
  const { t, i18n } = useLingui()
  const version = vm.tools.version
  const tools = i18n._(toolsLabels[vm.tools.state])
  return (
    <Section title={t`Guest`}>
      <DescriptionList
        className={FACT_COLUMNS}
        items={[
          { term: t`System`, value: vm.os?.name || null },
          vm.os?.kernel ? { term: t`Kernel`, value: vm.os.kernel } : null,
          {
            term: t`Addresses`,
            value:
              vm.addresses.length > 0 ? (
                <ul className="font-mono text-caption">
                  {vm.addresses.map((address) => (
                    <li key={address} className="leading-5">
                      {address}
                    </li>
                  ))}
                </ul>
              ) : null,
          },
          { term: t`Tools`, value: version ? `${version}, ${tools.toLocaleLowerCase()}` : tools },
        ]}
      />
    </Section>
  )
}

function Resources({ vm }: { vm: Vm }) {
  const { t, i18n } = useLingui()
  // Not loaded at first: the disks come after the VMs.
  useResources('disk')
  const { disks, diskSize } = lossesOf([vm], (id) => live.get('disk', id))
  const size = (value: number | null) => formatBytes(value, i18n.locale)
  const { dynamicMin, dynamicMax } = vm.memory
  const given =
    dynamicMin < dynamicMax ? `${size(dynamicMin)} – ${size(dynamicMax)}` : size(dynamicMax)
  const used = size(vm.memoryActual)
  const disksText = `${disks.length}, ${size(diskSize)}`
  const kind = virtualizationLabels[vm.virtualization]
  return (
    <Section title={t`Resources`}>
      <DescriptionList
        className={FACT_COLUMNS}
        items={[
          { term: t`vCPUs`, value: <Topology vm={vm} /> },
          vm.powerState === 'running'
            ? { term: t`CPU, 10 min`, value: <CpuLoad kind="vm" id={vm.id} width={96} /> }
            : null,
          {
            term: t`Memory`,
            value:
              vm.memoryActual === null || used === given ? given : t`${given}, has ${used} now`,
          },
          { term: t`Disks`, value: disks.length > 0 ? disksText : NOTHING },
          kind
            ? {
                term: t`Virtualisation`,
                value: [i18n._(kind), vm.firmware?.toUpperCase()].filter(Boolean).join(', '),
              }
            : null,
        ]}
      />
    </Section>
  )
}

function Topology({ vm }: { vm: Vm }) {
  const { t } = useLingui()
  const { atStartup, max, coresPerSocket } = vm.vcpus
  const parts: string[] = []
  if (coresPerSocket && max % coresPerSocket === 0) {
    parts.push(t`${max / coresPerSocket} × ${coresPerSocket} cores`)
  }
  if (max !== atStartup) parts.push(t`up to ${max}`)
  return <>{parts.length > 0 ? `${atStartup} (${parts.join(', ')})` : atStartup}</>
}

function Place({ vm }: { vm: Vm }) {
  const { t } = useLingui()
  const pool = useResource('pool', vm.poolId)
  const ha: Record<string, string> = {
    '': t`No`,
    restart: t`Yes`,
    'best-effort': t`If possible`,
  }
  return (
    <Section title={t`Place`}>
      <DescriptionList
        className={FACT_COLUMNS}
        items={[
          { term: t`Pool`, value: pool?.name ?? null },
          { term: t`Host`, value: vm.hostId === null ? null : <HostLink id={vm.hostId} /> },
          {
            term: t`Home host`,
            value: vm.affinityHostId === null ? t`Any` : <HostLink id={vm.affinityHostId} />,
          },
          { term: t`HA restart`, value: ha[vm.haPriority] ?? vm.haPriority },
          { term: t`Auto power-on`, value: vm.autoPowerOn ? t`Yes` : t`No` },
        ]}
      />
    </Section>
  )
}

function About({ vm, isNarrow }: { vm: Vm; isNarrow: boolean }) {
  const { t } = useLingui()
  const reason = useRefusal()('vm.describe', vm)
  return (
    <Section title={t`About`}>
      <DescriptionList
        className={FACT_COLUMNS}
        items={[
          {
            term: t`Description`,
            value: (
              <InlineEdit
                label={t`Description`}
                value={vm.description}
                isMultiline
                maxLength={10_000}
                placeholder={t`Add a description`}
                errorText={errorText}
                disabledReason={reason}
                onSave={async (description) => {
                  await operate('vm.describe', vm.id, { description })
                }}
              />
            ),
          },
          {
            term: t`Tags`,
            value: reason ? <TagList tags={vm.tags} empty={NOTHING} /> : <Tags vm={vm} />,
          },
          { term: t`UUID`, value: <CopyText text={vm.id} />, isBlock: isNarrow },
        ]}
      />
    </Section>
  )
}

function Tags({ vm }: { vm: Vm }) {
  const { t } = useLingui()
  const vms = useResources('vm')
  const suggestions = useMemo(
    () => [...new Set(vms.flatMap((each) => each.tags))].toSorted(),
    [vms],
  )
  const change = (input: { add: string[]; remove: string[] }) => {
    operate('vm.tag', vm.id, input).catch((error: unknown) => {
      const { name } = vm
      notices.add({ tone: 'bad', title: t`Tags of ${name} not changed`, detail: errorText(error) })
    })
  }
  return (
    <EditableTags
      label={t`Tags`}
      tags={vm.tags}
      suggestions={suggestions}
      placeholder={t`Add a tag`}
      listId={`tags-${vm.id}`}
      onAdd={(tag) => change({ add: [tag], remove: [] })}
      onRemove={(tag) => change({ add: [], remove: [tag] })}
    />
  )
}
