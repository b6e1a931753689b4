import { Page } from '../shell/Page.tsx'
import { PageHeader } from '../shell/PageHeader.tsx'

export function VmSnapshotsPage() {
  return <Page head={<PageHeader title="VmSnapshots" />}>{null}</Page>
}
