import { useLingui } from '@lingui/react/macro'
import { notices, Section } from '@xendeck/ui'
import { useSession } from '../api/session.ts'
import { Page } from '../shell/Page.tsx'
import { PageHeader } from '../shell/PageHeader.tsx'
import { PasswordForm } from '../shell/PasswordForm.tsx'

/** What a person may change about themselves. */
export function AccountPage() {
  const { t } = useLingui()
  const session = useSession()
  return (
    <Page head={<PageHeader title={t`Account`} meta={session?.user.name} />}>
      <Section title={t`Password`}>
        <PasswordForm
          onDone={() => notices.add({ tone: 'ok', title: t`The password is changed` })}
        />
      </Section>
    </Page>
  )
}
