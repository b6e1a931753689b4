import { Page } from '../shell/Page.tsx'
import { PageHeader } from '../shell/PageHeader.tsx'

export function PoolPage() {
  return <Page head={<PageHeader title="Pool" />}>{null}</Page>
}
