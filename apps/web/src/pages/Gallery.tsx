import { Page } from '../shell/Page.tsx'
import { PageHeader } from '../shell/PageHeader.tsx'

export function GalleryPage() {
  return <Page head={<PageHeader title="Gallery" />}>{null}</Page>
}
