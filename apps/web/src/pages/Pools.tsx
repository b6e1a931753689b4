import { Page } from '../shell/Page.tsx'
import { PageHeader } from '../shell/PageHeader.tsx'

export function PoolsPage() {
  return <Page head={<PageHeader title="Pools" />}>{null}</Page>
}
