import type { Vm } from '@xendeck/contract'
import { createContext, useContext } from 'react'
import type { VmActions } from './use-vm-actions.tsx'

export interface VmPageContext {
  vm: Vm
  run: VmActions['run']
}

/** The VM of a page, for its tabs. */
export const VmPageContext = createContext<VmPageContext | null>(null)

export function useVmPage(): VmPageContext {
  const context = useContext(VmPageContext)
  if (!context) throw new Error('useVmPage is for the tabs of a VM page')
  return context
}
