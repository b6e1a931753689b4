import { t } from '@lingui/core/macro'
import { useLingui } from '@lingui/react'
import { LabelsProvider, type Labels } from '@xendeck/ui'
import { useMemo, type ReactNode } from 'react'
import { I18nProvider } from 'react-aria-components'

/** Gives the components the reader's language: their own words, and how numbers and lists are written. */
export function AriaProvider({ children }: { children: ReactNode }) {
  const { i18n } = useLingui()
  const locale = i18n.locale
  const labels = useMemo(() => labelsIn(locale), [locale])
  return (
    <I18nProvider locale={locale === 'zh-Hans' ? 'zh-CN' : 'en-GB'}>
      <LabelsProvider value={labels}>{children}</LabelsProvider>
    </I18nProvider>
  )
}

/** The words are read when a language becomes active, so the locale decides, although only the macro uses it. */
function labelsIn(_locale: string): Labels {
  return {
    cancel: t`Cancel`,
    choose: t`Choose…`,
    clear: t`Clear`,
    close: t`Close`,
    copied: t`Copied`,
    changedMeanwhile: (value) => t`Changed to “${value}” meanwhile. Saving replaces that.`,
    copy: t`Copy`,
    dismiss: t`Dismiss`,
    edit: t`Edit`,
    hidePassword: t`Hide password`,
    more: t`More`,
    notices: t`Notices`,
    remove: (what) => t`Remove ${what}`,
    selectAll: t`Select all`,
    selectRow: t`Select`,
    showPassword: t`Show password`,
    sortBy: (column) => t`Sort by ${column}`,
  }
}
