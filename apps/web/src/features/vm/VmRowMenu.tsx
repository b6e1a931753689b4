import { useLingui } from '@lingui/react/macro'
import type { Vm } from '@xendeck/contract'
import { MenuList, RowMenu } from '@xendeck/ui'
import type { VmActions } from './use-vm-actions.tsx'
import { useVmMenu } from './use-vm-menu.ts'

interface Props {
  vm: Vm
  run: VmActions['run']
}

/** Everything that can be done to one VM of a list. */
export function VmRowMenu({ vm, run }: Props) {
  const { t } = useLingui()
  const { name } = vm
  const label = t`Actions on ${name}`
  return (
    <RowMenu label={label}>
      {(close) => <Items vm={vm} run={run} label={label} onClose={close} />}
    </RowMenu>
  )
}

function Items({ vm, run, label, onClose }: Props & { label: string; onClose: () => void }) {
  return <MenuList label={label} items={useVmMenu([vm], run)} onClose={onClose} />
}
