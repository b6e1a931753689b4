import type { Disk, Storage } from '@xendeck/contract'
import { bytes, compare, instant, operable, sorted } from './fields.ts'
import type { Loose, View } from './view.ts'

/** XenAPI `SR`, joined with its PBDs. */
export function projectStorage(view: View, ref: string): Storage | undefined {
  const sr = view.get('SR', ref)
  const id = view.id('SR', ref)
  if (!sr || id === null) return undefined
  return {
    id,
    poolId: view.poolId,
    name: sr.name_label ?? '',
    description: sr.name_description ?? '',
    ...operable(view, sr),
    type: sr.type ?? '',
    contentType: sr.content_type ?? '',
    shared: sr.shared ?? false,
    size: bytes(sr.physical_size),
    used: bytes(sr.physical_utilisation),
    allocated: bytes(sr.virtual_allocation),
    hosts: hosts(view, sr.PBDs),
    isTools: sr.is_tools_sr === true || sr.other_config?.['xenserver_tools_sr'] === 'true',
    tags: sorted(sr.tags),
  }
}

function hosts(view: View, refs: readonly string[] | undefined): Storage['hosts'] {
  const found: Storage['hosts'] = []
  for (const ref of refs ?? []) {
    const pbd = view.get('PBD', ref)
    const id = view.id('PBD', ref)
    if (!pbd || id === null) continue
    found.push({ id, hostId: view.id('host', pbd.host), attached: pbd.currently_attached ?? false })
  }
  return found.toSorted((a, b) => compare(a.id, b.id))
}

/** XenAPI `VDI`, joined with its VBDs. */
export function projectDisk(view: View, ref: string): Disk | undefined {
  const vdi = view.get('VDI', ref)
  const id = view.id('VDI', ref)
  if (!vdi || id === null) return undefined
  return {
    id,
    poolId: view.poolId,
    name: vdi.name_label ?? '',
    description: vdi.name_description ?? '',
    ...operable(view, vdi),
    storageId: view.id('SR', vdi.SR),
    size: bytes(vdi.virtual_size),
    used: bytes(vdi.physical_utilisation),
    type: vdi.type ?? '',
    isSnapshot: vdi.is_a_snapshot ?? false,
    snapshotOfId: view.id('VDI', vdi.snapshot_of),
    takenAt: instant(vdi.snapshot_time),
    readOnly: vdi.read_only ?? false,
    shareable: vdi.sharable ?? false,
    managed: vdi.managed ?? true,
    missing: vdi.missing ?? false,
    usedBy: usedBy(view, vdi),
    tags: sorted(vdi.tags),
  }
}

function usedBy(view: View, vdi: Loose<'VDI'>): string[] {
  const users = new Set<string>()
  for (const ref of vdi.VBDs ?? []) {
    const vm = view.get('VBD', ref)?.VM
    const id = view.id('VM', vm)
    if (id !== null && view.peek('VM', vm)?.is_control_domain !== true) users.add(id)
  }
  return [...users].toSorted()
}
