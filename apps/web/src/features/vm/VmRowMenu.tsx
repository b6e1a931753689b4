import { useLingui } from '@lingui/react/macro'
import type { Vm } from '@xendeck/contract'
import { IconButton, Menu, MoreIcon } from '@xendeck/ui'
import type { VmActions } from './use-vm-actions.tsx'
import { useVmMenu } from './use-vm-menu.ts'

/** Everything that can be done to one VM of a list. */
export function VmRowMenu({ vm, run }: { vm: Vm; run: VmActions['run'] }) {
  const { t } = useLingui()
  const items = useVmMenu([vm], run)
  const { name } = vm
  return (
    <Menu label={t`Actions on ${name}`} items={items} placement="bottom end">
      <IconButton size="small" label={t`Actions on ${name}`} icon={<MoreIcon />} />
    </Menu>
  )
}
