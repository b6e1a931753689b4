import type { ReactNode } from 'react'
import { FieldError, Label, Text } from 'react-aria-components'

/** What every field has around its control. */
export interface FieldProps {
  label: string
  /** For fields whose place says what they are; the label is still read out. */
  hideLabel?: boolean
  description?: ReactNode
  /** What is wrong with what was entered. */
  error?: ReactNode
  isRequired?: boolean
  isDisabled?: boolean
  className?: string
}

export const controlLook =
  'h-8 w-full min-w-0 rounded-md border border-line bg-surface px-2.5 text-body text-primary -outline-offset-1 transition-colors hovered:border-control focused:border-accent invalid:border-bad disabled:bg-sunken disabled:text-muted'

export function FieldLabel({ label, hideLabel }: Pick<FieldProps, 'label' | 'hideLabel'>) {
  return <Label className={hideLabel ? 'sr-only' : 'block font-medium'}>{label}</Label>
}

export function FieldNotes({ description, error }: Pick<FieldProps, 'description' | 'error'>) {
  return (
    <>
      {description && !error && (
        <Text slot="description" className="block text-caption text-muted">
          {description}
        </Text>
      )}
      <FieldError className="block text-caption text-bad">{error}</FieldError>
    </>
  )
}
