import { useLingui } from '@lingui/react/macro'
import { Section } from '@xendeck/ui'
import { useResources } from '../api/live.ts'
import { byNewest, TaskList } from '../features/tasks/TaskList.tsx'
import { DiskTable } from '../features/vm/DiskTable.tsx'
import { NicTable, useNics } from '../features/vm/NicTable.tsx'
import { VmFacts } from '../features/vm/VmFacts.tsx'
import { useVmPage } from '../features/vm/vm-page-context.ts'

/** What ran on it lately; the rest is on the tasks page. */
const RECENT = 5

export function VmOverviewPage() {
  const { t } = useLingui()
  const { vm } = useVmPage()
  const nics = useNics(vm.nicIds)
  const tasks = useResources('task')
    .filter((task) => task.target?.id === vm.id)
    .toSorted(byNewest)
    .slice(0, RECENT)
  return (
    <div className="min-h-0 flex-1 space-y-7 overflow-y-auto px-5 py-4 narrow:px-4">
      <VmFacts vm={vm} columns />
      <Section title={t`Disks`}>
        <DiskTable drives={vm.drives} />
      </Section>
      <Section title={t`Network interfaces`}>
        <NicTable nics={nics} of="vm" />
      </Section>
      <Section title={t`Recent tasks`}>
        <TaskList tasks={tasks} empty={t`Nothing has been done to it lately.`} />
      </Section>
    </div>
  )
}
