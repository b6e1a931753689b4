/* oxlint-disable jsx-a11y/no-autofocus -- focus has to begin somewhere in a dialog */
import { Trans, useLingui } from '@lingui/react/macro'
import type { CertificateProbe, Connection } from '@xendeck/contract'
import { Banner, Button, Dialog, PasswordField, TextField, useLabels } from '@xendeck/ui'
import { useState } from 'react'
import { Controller, useForm, useWatch } from 'react-hook-form'
import { ApiRequestError, create, operate, request } from '../../api/client.ts'
import { errorText } from '../../api/errors.ts'
import { SubmitError } from '../SubmitError.tsx'
import { CertificateFacts } from './CertificateFacts.tsx'
import {
  changesOf,
  isConfirmed,
  type Certificate,
  type Confirmed,
  type ConnectionValues,
} from './connection-form.ts'

interface Props {
  /** To be edited; null adds one. */
  connection: Connection | null
  /** Its certificate is another than before: begin with the look at it. */
  isRenewal?: boolean
  onClose: () => void
}

const FORM = 'pool-connection'

/**
 * Adds a pool or edits a connection: address and account, then, where no CA vouches for the certificate, a look at
 * it. What was typed stays through every failure; the password is sent only after the certificate was accepted.
 */
export function PoolDialog({ connection, isRenewal = false, onClose }: Props) {
  const { t } = useLingui()
  const labels = useLabels()
  const [certificate, setCertificate] = useState<Certificate | null>(null)
  // Looked at and agreed to in this dialog: after a mistyped password nobody wants to compare it again.
  const [agreed, setAgreed] = useState<string | null>(connection?.fingerprint ?? null)
  const [error, setError] = useState<string | null>(null)
  const form = useForm<ConnectionValues>({
    defaultValues: {
      address: connection?.address ?? '',
      username: connection?.username ?? 'root',
      password: '',
      label: connection?.label ?? '',
    },
  })
  const { control, formState, handleSubmit, setError: setFieldError } = form
  const address = useWatch({ control, name: 'address' })
  const needsPassword = connection === null

  const look = async (to: string): Promise<Confirmed | Certificate> => {
    const probe = await request<CertificateProbe>('POST', 'certificate-probes', { address: to })
    const shown = probe.certificate
    // Vouched for, or plain http, where there is nothing to vouch for.
    if (!shown || shown.trusted) return { address: to, fingerprint: null }
    if (shown.fingerprint === agreed) {
      return { address: to, fingerprint: shown.fingerprint }
    }
    return shown
  }

  const send = async (values: ConnectionValues, confirmed: Confirmed | null) => {
    if (connection) {
      const changes = changesOf(connection, values, confirmed)
      if (Object.keys(changes).length > 0) await operate('connection.edit', connection.id, changes)
    } else {
      await create('connection.create', {
        address: values.address.trim(),
        username: values.username.trim(),
        password: values.password,
        label: values.label.trim() || undefined,
        fingerprint: confirmed?.fingerprint ?? undefined,
      })
    }
    onClose()
  }

  const submit = handleSubmit(async (values) => {
    setError(null)
    const to = values.address.trim()
    try {
      if (certificate) {
        setAgreed(certificate.fingerprint)
        await send(values, { address: to, fingerprint: certificate.fingerprint })
        return
      }
      const isSameServer = connection !== null && connection.address === to && !isRenewal
      if (isSameServer) {
        await send(values, null)
        return
      }
      const found = await look(to)
      if ('trusted' in found) setCertificate(found)
      else await send(values, isConfirmed(found, to) ? found : null)
    } catch (cause) {
      if (cause instanceof ApiRequestError) {
        for (const [field, message] of Object.entries(cause.fields)) {
          if (
            field === 'address' ||
            field === 'username' ||
            field === 'password' ||
            field === 'label'
          ) {
            setFieldError(field, { message })
          }
        }
      }
      setCertificate(null)
      setError(errorText(cause))
    }
  })

  const isBusy = formState.isSubmitting
  return (
    <Dialog
      isOpen
      size={certificate ? 'medium' : 'small'}
      isBusy={isBusy}
      onClose={onClose}
      title={
        certificate ? t`Is this the right server?` : connection ? t`Edit connection` : t`Add a pool`
      }
      footer={
        <>
          {certificate ? (
            <Button onPress={() => setCertificate(null)}>
              <Trans>Back</Trans>
            </Button>
          ) : (
            <Button onPress={onClose}>{labels.cancel}</Button>
          )}
          <Button type="submit" form={FORM} variant="primary" isPending={isBusy}>
            {certificate ? t`It is: connect` : connection ? t`Save` : t`Continue`}
          </Button>
        </>
      }
    >
      <form id={FORM} onSubmit={(event) => void submit(event)} noValidate className="space-y-4">
        {certificate ? (
          <>
            <p>
              <Trans>
                No certificate authority vouches for {address}. Compare the fingerprint with the one
                that the host shows on its own console before you go on.
              </Trans>
            </p>
            {isRenewal && (
              <Banner tone="warn">
                <Trans>
                  It is not the certificate that was confirmed before. Go on only if somebody has
                  renewed it.
                </Trans>
              </Banner>
            )}
            <CertificateFacts certificate={certificate} />
          </>
        ) : (
          <>
            <Controller
              name="address"
              control={control}
              rules={{ required: t`Give the address of a host of the pool` }}
              render={({ field, fieldState }) => (
                <TextField
                  {...field}
                  label={t`Address`}
                  description={t`Of the pool’s coordinator: a name, an IP address or a URL.`}
                  placeholder="https://"
                  autoComplete="off"
                  autoFocus
                  isMono
                  error={fieldState.error?.message}
                />
              )}
            />
            <Controller
              name="username"
              control={control}
              rules={{ required: t`Give a user name` }}
              render={({ field, fieldState }) => (
                <TextField
                  {...field}
                  label={t`User name`}
                  autoComplete="off"
                  error={fieldState.error?.message}
                />
              )}
            />
            <Controller
              name="password"
              control={control}
              rules={{ required: needsPassword ? t`Give the password` : false }}
              render={({ field, fieldState }) => (
                <PasswordField
                  {...field}
                  label={t`Password`}
                  description={
                    connection
                      ? t`Leave it empty to keep the present one.`
                      : t`Kept encrypted, and sent to nobody but the pool.`
                  }
                  autoComplete="new-password"
                  error={fieldState.error?.message}
                />
              )}
            />
            <Controller
              name="label"
              control={control}
              render={({ field, fieldState }) => (
                <TextField
                  {...field}
                  label={t`Label`}
                  description={t`Shown until the pool’s own name is known. Optional.`}
                  maxLength={100}
                  error={fieldState.error?.message}
                />
              )}
            />
          </>
        )}
        <SubmitError error={error} />
      </form>
    </Dialog>
  )
}
