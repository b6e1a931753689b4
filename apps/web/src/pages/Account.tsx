import { Page } from '../shell/Page.tsx'
import { PageHeader } from '../shell/PageHeader.tsx'

export function AccountPage() {
  return <Page head={<PageHeader title="Account" />}>{null}</Page>
}
