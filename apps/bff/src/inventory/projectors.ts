import type { Kind, Resource } from '@xendeck/contract'
import type { ClassName } from '@xendeck/xenapi'
import { projectHost } from './host.ts'
import { projectNetwork, projectNic } from './network.ts'
import { kindOfVm } from './kind-of-vm.ts'
import { projectPhysicalNic } from './physical-nic.ts'
import { projectPool } from './pool.ts'
import { projectSnapshot } from './snapshot.ts'
import { projectDisk, projectStorage } from './storage.ts'
import { projectTemplate } from './template.ts'
import type { View } from './view.ts'
import { projectVm } from './vm.ts'

export interface Projected {
  readonly kind: Kind
  readonly resource: Resource
}

/** undefined: the object has no face in the console. */
type Project = (view: View, ref: string) => Projected | undefined

function of<K extends Kind>(
  kind: K,
  project: (view: View, ref: string) => Resource<K> | undefined,
): Project {
  return (view, ref) => {
    const resource = project(view, ref)
    return resource && { kind, resource }
  }
}

const vm = of('vm', projectVm)
const template = of('template', projectTemplate)
const snapshot = of('snapshot', projectSnapshot)

/** By the XenAPI class whose objects are shown. Tasks have their own way (../tasks). */
export const projectors = {
  host: of('host', projectHost),
  SR: of('storage', projectStorage),
  network: of('network', projectNetwork),
  VM: (view: View, ref: string): Projected | undefined => {
    const record = view.get('VM', ref)
    const kind = record && kindOfVm(record)
    if (kind === undefined) return undefined
    return kind === 'vm'
      ? vm(view, ref)
      : kind === 'template'
        ? template(view, ref)
        : snapshot(view, ref)
  },
  VDI: of('disk', projectDisk),
  PIF: of('physicalNic', projectPhysicalNic),
  VIF: of('nic', projectNic),
  // Last, so that a reader who sees the pool sees all that is in it: first loads of large pools take several commits.
  pool: of('pool', projectPool),
} as const satisfies Partial<Record<ClassName, Project>>

export type ShownClass = keyof typeof projectors
export const shownClasses = Object.keys(projectors) as ShownClass[]

export function isShown(cls: string): cls is ShownClass {
  return Object.hasOwn(projectors, cls)
}
