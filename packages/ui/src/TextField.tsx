import type { Ref } from 'react'
import { useState } from 'react'
import {
  Input,
  NumberField as AriaNumberField,
  SearchField as AriaSearchField,
  Button as AriaButton,
  TextArea as AriaTextArea,
  TextField as AriaTextField,
} from 'react-aria-components'
import { classNames } from './class-names.ts'
import { Kbd } from './Feedback.tsx'
import { controlLook, FieldLabel, FieldNotes, type FieldProps } from './field-parts.tsx'
import { CloseIcon, EyeIcon, EyeOffIcon, SearchIcon } from './icons.tsx'
import { useLabels } from './labels.ts'

export interface TextFieldProps extends FieldProps {
  value?: string
  defaultValue?: string
  onChange?: (value: string) => void
  onBlur?: () => void
  name?: string
  type?: 'text' | 'password' | 'url' | 'email'
  placeholder?: string
  autoComplete?: string
  autoFocus?: boolean
  maxLength?: number
  /** Addresses, uuids, fingerprints, code. */
  isMono?: boolean
  ref?: Ref<HTMLInputElement>
}

export function TextField(props: TextFieldProps) {
  const { label, hideLabel, description, error, isMono, placeholder, className, ref, ...field } =
    props
  return (
    <AriaTextField
      {...field}
      isInvalid={Boolean(error)}
      validationBehavior="aria"
      className={classNames('flex flex-col gap-1', className)}
    >
      <FieldLabel label={label} hideLabel={hideLabel} />
      <Input
        ref={ref}
        placeholder={placeholder}
        spellCheck={isMono ? false : undefined}
        className={classNames(controlLook, isMono && 'font-mono')}
      />
      <FieldNotes description={description} error={error} />
    </AriaTextField>
  )
}

export interface TextAreaProps extends Omit<TextFieldProps, 'type' | 'ref'> {
  rows?: number
  ref?: Ref<HTMLTextAreaElement>
}

export function TextArea(props: TextAreaProps) {
  const {
    label,
    hideLabel,
    description,
    error,
    isMono,
    placeholder,
    rows = 4,
    className,
    ref,
    ...field
  } = props
  return (
    <AriaTextField
      {...field}
      isInvalid={Boolean(error)}
      validationBehavior="aria"
      className={classNames('flex flex-col gap-1', className)}
    >
      <FieldLabel label={label} hideLabel={hideLabel} />
      <AriaTextArea
        ref={ref}
        rows={rows}
        placeholder={placeholder}
        className={classNames(controlLook, 'h-auto resize-y py-1.5', isMono && 'font-mono')}
      />
      <FieldNotes description={description} error={error} />
    </AriaTextField>
  )
}

/** A password that can be shown while it is typed. */
export function PasswordField(props: Omit<TextFieldProps, 'type' | 'isMono'>) {
  const { label, hideLabel, description, error, placeholder, className, ref, ...field } = props
  const [isShown, setShown] = useState(false)
  const labels = useLabels()
  return (
    <AriaTextField
      {...field}
      type={isShown ? 'text' : 'password'}
      isInvalid={Boolean(error)}
      validationBehavior="aria"
      className={classNames('flex flex-col gap-1', className)}
    >
      <FieldLabel label={label} hideLabel={hideLabel} />
      <span className="relative block">
        <Input
          ref={ref}
          placeholder={placeholder}
          spellCheck={false}
          autoCapitalize="off"
          className={classNames(controlLook, 'pr-9')}
        />
        <button
          type="button"
          aria-label={labels.showPassword}
          aria-pressed={isShown}
          title={isShown ? labels.hidePassword : labels.showPassword}
          onClick={() => setShown(!isShown)}
          className="absolute inset-y-1 right-1 grid w-6 place-items-center rounded-sm text-muted hover:bg-hover hover:text-primary"
        >
          {isShown ? <EyeOffIcon /> : <EyeIcon />}
        </button>
      </span>
      <FieldNotes description={description} error={error} />
    </AriaTextField>
  )
}

export interface SearchFieldProps extends Omit<TextFieldProps, 'type'> {
  /** The key that leads here, shown while the field is empty; whoever uses it listens for it. */
  shortcut?: string
  onSubmit?: (value: string) => void
}

/** Escape clears it. */
export function SearchField(props: SearchFieldProps) {
  const {
    label,
    shortcut,
    hideLabel = true,
    description,
    error,
    isMono,
    placeholder,
    className,
    ref,
    ...field
  } = props
  return (
    <AriaSearchField
      {...field}
      isInvalid={Boolean(error)}
      className={classNames('group flex min-w-0 flex-col gap-1', className)}
    >
      <FieldLabel label={label} hideLabel={hideLabel} />
      <span className="relative block">
        <SearchIcon className="pointer-events-none absolute top-2 left-2.5 text-muted" />
        <Input
          ref={ref}
          placeholder={placeholder}
          spellCheck={false}
          aria-keyshortcuts={shortcut}
          className={classNames(
            controlLook,
            'px-8 [&::-webkit-search-cancel-button]:hidden',
            isMono && 'font-mono',
          )}
        />
        {shortcut && (
          <span
            aria-hidden="true"
            className="pointer-events-none absolute inset-y-0 right-2 hidden items-center wide:group-data-empty:flex"
          >
            <Kbd>{shortcut}</Kbd>
          </span>
        )}
        <AriaButton className="absolute inset-y-1 right-1 grid w-6 place-items-center rounded-sm text-muted group-data-empty:hidden hovered:bg-hover hovered:text-primary">
          <CloseIcon />
        </AriaButton>
      </span>
      <FieldNotes description={description} error={error} />
    </AriaSearchField>
  )
}

export interface NumberFieldProps extends FieldProps {
  value?: number
  defaultValue?: number
  onChange?: (value: number) => void
  minValue?: number
  maxValue?: number
  step?: number
  name?: string
  /** `GiB`, `Mbit/s` … shown behind the number. */
  unit?: string
}

export function NumberField(props: NumberFieldProps) {
  const { label, hideLabel, description, error, unit, className, ...field } = props
  return (
    <AriaNumberField
      {...field}
      isInvalid={Boolean(error)}
      validationBehavior="aria"
      className={classNames('flex flex-col gap-1', className)}
    >
      <FieldLabel label={label} hideLabel={hideLabel} />
      <span className="relative block">
        <Input className={classNames(controlLook, 'text-right', unit ? 'pr-14' : undefined)} />
        {unit && (
          <span className="pointer-events-none absolute inset-y-0 right-2.5 flex items-center text-muted">
            {unit}
          </span>
        )}
      </span>
      <FieldNotes description={description} error={error} />
    </AriaNumberField>
  )
}
