import { useLingui } from '@lingui/react/macro'
import { CopyText, DescriptionList } from '@xendeck/ui'
import { formatInstant } from '../../lib/time.ts'
import type { Certificate } from './connection-form.ts'

/** What a person compares with what the host's own console shows. */
export function CertificateFacts({ certificate }: { certificate: Certificate }) {
  const { t, i18n } = useLingui()
  const date = (text: string) => {
    const isDate = !Number.isNaN(Date.parse(text))
    return isDate ? formatInstant(new Date(text).toISOString(), i18n.locale) : text
  }
  return (
    <DescriptionList
      items={[
        { term: t`Fingerprint`, value: <CopyText text={certificate.fingerprint} /> },
        { term: t`Issued to`, value: certificate.subject || null },
        { term: t`Issued by`, value: certificate.issuer || null },
        { term: t`Valid from`, value: date(certificate.validFrom) },
        { term: t`Valid until`, value: date(certificate.validTo) },
      ]}
    />
  )
}
