import { Trans, useLingui } from '@lingui/react/macro'
import { Page } from '../shell/Page.tsx'
import { PageHeader } from '../shell/PageHeader.tsx'
import { ActionsGallery } from './gallery/Actions.tsx'
import { DataGallery } from './gallery/Data.tsx'
import { FeedbackGallery } from './gallery/Feedback.tsx'
import { FieldsGallery } from './gallery/Fields.tsx'

/** Every component in every state, in both themes side by side. Its samples are for developers and stay English. */
export function GalleryPage() {
  const { t } = useLingui()
  return (
    <Page
      head={
        <PageHeader title={t`Components`} meta={<Trans>In every state, in both themes</Trans>} />
      }
    >
      <div className="grid grid-cols-[repeat(auto-fit,minmax(min(100%,480px),1fr))] gap-4">
        {(['light', 'dark'] as const).map((theme) => (
          <div
            key={theme}
            data-theme={theme}
            className="min-w-0 space-y-8 rounded-lg border border-hairline bg-page p-5 text-primary"
          >
            <ActionsGallery />
            <FieldsGallery />
            <FeedbackGallery />
            <DataGallery theme={theme} />
          </div>
        ))}
      </div>
    </Page>
  )
}
