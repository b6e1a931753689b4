import type { I18n } from '@lingui/core'
import { plural, t } from '@lingui/core/macro'
import { useLingui } from '@lingui/react'
import { useParams, useRouter } from '@tanstack/react-router'
import { StateIcon, Tree, type TreeNode } from '@xendeck/ui'
import { useDeferredValue, useEffect, useMemo } from 'react'
import { live, useIsLoaded, useResources } from '../api/live.ts'
import { vmState } from '../features/vm/vm-state.ts'
import { activityLabels, powerStateLabels } from '../features/vm/words.ts'
import { mountPath } from '../lib/base.ts'
import { connectionWords } from './connection-words.ts'
import {
  connectionName,
  hostKey,
  linesOf,
  notRunningKey,
  poolKey,
  poolName,
  vmKey,
  type Line,
} from './infrastructure.ts'
import { setDrawer, unfold, useShell } from './shell-store.ts'

/** Pools, hosts and VMs, live. The page's own object is selected and in sight. */
export function InfrastructureTree() {
  const { i18n } = useLingui()
  const router = useRouter()
  const connections = useResources('connection')
  const pools = useResources('pool')
  const hosts = useResources('host')
  const vms = useResources('vm')
  const unfolded = useShell((state) => state.unfolded)
  const isLoaded = useIsLoaded('vm')
  const currentKey = useCurrentKey()

  // Thousands of VMs may change at once; the page comes first.
  const infrastructure = useDeferredValue(
    useMemo(() => ({ connections, pools, hosts, vms }), [connections, pools, hosts, vms]),
  )
  const nodes = useMemo(
    () => linesOf(infrastructure, unfolded).map((line) => nodeOf(line, i18n)),
    // The words change with the language, which i18n itself does not tell.
    // oxlint-disable-next-line react/exhaustive-deps react/memo-dependencies
    [infrastructure, unfolded, i18n, i18n.locale],
  )

  if (!isLoaded) return <div aria-busy="true" className="flex-1" />
  if (nodes.length === 0) return <p className="flex-1 px-4 text-muted">{t`No pools yet`}</p>
  return (
    <Tree
      label={t`Infrastructure`}
      nodes={nodes}
      currentId={currentKey}
      onToggle={(id, isOpen) => unfold({ [id]: isOpen })}
      onOpen={(node) => {
        setDrawer(false)
        router.history.push(node.href)
      }}
    />
  )
}

/** The tree's key of the object that the page is about. What is above it is unfolded when the page is opened. */
function useCurrentKey(): string | null {
  const { vmId, hostId, poolId } = useParams({ strict: false })
  const isLoaded = useIsLoaded('vm')
  useEffect(() => {
    const vm = vmId ? live.get('vm', vmId) : undefined
    const host = hostId ? live.get('host', hostId) : undefined
    if (vm) {
      const above = vm.hostId ? hostKey(vm.hostId) : notRunningKey(vm.poolId)
      unfold({ [poolKey(vm.poolId)]: true, [above]: true })
    } else if (host) {
      unfold({ [poolKey(host.poolId)]: true })
    }
    // Once more when the inventory has arrived.
    // oxlint-disable-next-line react/exhaustive-effect-dependencies
  }, [vmId, hostId, isLoaded])
  if (vmId) return vmKey(vmId)
  if (hostId) return hostKey(hostId)
  return poolId ? poolKey(poolId) : null
}

function nodeOf(line: Line, i18n: I18n): TreeNode {
  const { key: id, level, positionInSet, setSize } = line
  const place = { id, level, positionInSet, setSize }
  switch (line.kind) {
    case 'pool': {
      const { pool, connection } = line
      const count = plural(line.hosts, { one: '# host', other: '# hosts' })
      const word = connection ? i18n._(connectionWords[connection.state]) : t`not connected`
      return {
        ...place,
        label: poolName(pool, connection),
        href: `${mountPath}pools/${pool.id}`,
        meta: pool.live ? count : word,
        description: pool.live ? count : word,
        isExpanded: line.isOpen,
        isFaint: !pool.live,
      }
    }
    case 'connection': {
      const word = i18n._(connectionWords[line.connection.state])
      return {
        ...place,
        label: connectionName(line.connection),
        href: `${mountPath}pools`,
        meta: word,
        description: word,
        isFaint: true,
      }
    }
    case 'host': {
      const { host, pool } = line
      const problem =
        host.state === 'unreachable'
          ? t`unreachable`
          : host.state === 'maintenance'
            ? t`maintenance`
            : null
      return {
        ...place,
        label: host.name,
        href: `${mountPath}hosts/${host.id}`,
        icon: host.state === 'unreachable' ? <StateIcon shape="failed" /> : undefined,
        meta: problem ?? (line.vms ? i18n.number(line.vms) : undefined),
        description: problem ?? plural(line.vms, { one: '# VM', other: '# VMs' }),
        isExpanded: line.isOpen,
        isFaint: !pool.live,
      }
    }
    case 'notRunning':
      return {
        ...place,
        label: t`Not running`,
        href: `${mountPath}vms?pool=${line.pool.id}`,
        meta: i18n.number(line.vms),
        description: plural(line.vms, { one: '# VM', other: '# VMs' }),
        isExpanded: line.isOpen,
        isFaint: !line.pool.live,
      }
    case 'vm': {
      const state = vmState(line.vm)
      return {
        ...place,
        label: line.vm.name,
        href: `${mountPath}vms/${line.vm.id}`,
        icon: <StateIcon shape={state.shape} />,
        description: i18n._(
          state.activity ? activityLabels[state.activity] : powerStateLabels[state.power],
        ),
        isFaint: !line.pool.live,
      }
    }
  }
}
