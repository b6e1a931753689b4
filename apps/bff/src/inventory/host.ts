import type { Host, HostState } from '@xendeck/contract'
import { bytes, numberIn, operable, sorted } from './fields.ts'
import type { Loose, View } from './view.ts'

/** XenAPI `host`, joined with its metrics, CPUs and control domain. */
export function projectHost(view: View, ref: string): Host | undefined {
  const host = view.get('host', ref)
  const id = view.id('host', ref)
  if (!host || id === null) return undefined
  const metrics = view.get('host_metrics', host.metrics)
  return {
    id,
    poolId: view.poolId,
    name: host.name_label ?? '',
    description: host.name_description ?? '',
    ...operable(view, host),
    address: host.address ?? '',
    hostname: host.hostname ?? '',
    isCoordinator: view.get('pool', view.poolRef)?.master === ref,
    state: hostState(host, metrics),
    cpu: cpu(view, host),
    memory: { total: bytes(metrics?.memory_total), free: bytes(metrics?.memory_free) },
    version: version(host.software_version),
    bootedAt: bootTime(host.other_config),
    tags: sorted(host.tags),
    controlDomain: controlDomain(view, host),
  }
}

function hostState(host: Loose<'host'>, metrics: Loose<'host_metrics'> | undefined): HostState {
  if (metrics?.live !== true) return 'unreachable'
  return host.enabled === true ? 'running' : 'maintenance'
}

function cpu(view: View, host: Loose<'host'>): Host['cpu'] {
  const count = numberIn(host.cpu_info, 'cpu_count')
  const model = host.cpu_info?.['modelname']
  // Pools before 5.6 have no cpu_info, only a row for each CPU.
  const first =
    count === null || model === undefined ? view.get('host_cpu', host.host_CPUs?.[0]) : undefined
  const speed = numberIn(host.cpu_info, 'speed') ?? first?.speed ?? null
  return {
    count: count ?? host.host_CPUs?.length ?? 0,
    sockets: numberIn(host.cpu_info, 'socket_count'),
    model: (model ?? first?.modelname ?? '').replaceAll(/\s+/g, ' ').trim(),
    mhz: speed === null ? null : Math.round(speed),
  }
}

function version(software: Readonly<Record<string, string>> | undefined): Host['version'] {
  return {
    product: software?.['product_brand'] ?? '',
    version: software?.['product_version'] ?? '',
    build: software?.['build_number'] ?? '',
    xapi: software?.['xapi_build'] ?? software?.['xapi'] ?? '',
  }
}

/** other_config:boot_time is seconds since 1970 with a trailing dot: `1700000000.` */
function bootTime(config: Readonly<Record<string, string>> | undefined): string | null {
  const seconds = numberIn(config, 'boot_time')
  return seconds === null || seconds <= 0 ? null : new Date(seconds * 1000).toISOString()
}

/** host.control_domain came with XenServer 7; before, it is the resident VM that says so of itself. */
function controlDomain(view: View, host: Loose<'host'>): Host['controlDomain'] {
  let ref: string | undefined = host.control_domain
  if (!view.peek('VM', ref)) {
    ref = host.resident_VMs?.find((vm) => view.peek('VM', vm)?.is_control_domain === true)
  }
  const vm = view.get('VM', ref)
  const id = view.id('VM', ref)
  if (!vm || id === null) return null
  const metrics = view.get('VM_metrics', vm.metrics)
  return {
    id,
    vcpus: metrics?.VCPUs_number || (vm.VCPUs_at_startup ?? 0),
    memory: bytes(metrics?.memory_actual) || bytes(vm.memory_dynamic_max),
  }
}
