import type { ReactNode } from 'react'
import {
  Checkbox as AriaCheckbox,
  Radio as AriaRadio,
  RadioGroup as AriaRadioGroup,
  Switch as AriaSwitch,
} from 'react-aria-components'
import { classNames } from './class-names.ts'
import { FieldLabel, FieldNotes, type FieldProps } from './field-parts.tsx'
import { CheckIcon, MinusIcon } from './icons.tsx'

interface CheckboxProps {
  children?: ReactNode
  /** Its name where it has no text. */
  label?: string
  description?: ReactNode
  isSelected?: boolean
  defaultSelected?: boolean
  isIndeterminate?: boolean
  isDisabled?: boolean
  name?: string
  onChange?: (isSelected: boolean) => void
  className?: string
}

export function Checkbox({
  children,
  label,
  description,
  isIndeterminate,
  className,
  ...props
}: CheckboxProps) {
  return (
    <AriaCheckbox
      {...props}
      isIndeterminate={isIndeterminate}
      aria-label={label}
      className={classNames('group inline-flex items-start gap-2 disabled:text-muted', className)}
    >
      <span className="mt-0.5 grid size-4 shrink-0 place-items-center rounded-sm border border-control bg-surface text-accent-on group-data-disabled:border-line! group-data-disabled:bg-sunken! group-data-disabled:text-muted group-data-focus-visible:outline-2 group-data-focus-visible:outline-offset-1 group-data-focus-visible:outline-accent group-data-indeterminate:border-accent group-data-indeterminate:bg-accent group-data-selected:border-accent group-data-selected:bg-accent">
        <CheckIcon
          className={classNames(
            'hidden size-3 [stroke-width:2.5] group-data-selected:block',
            isIndeterminate && 'hidden!',
          )}
        />
        <MinusIcon className="hidden size-3 [stroke-width:2.5] group-data-indeterminate:block" />
      </span>
      {children && (
        <span>
          {children}
          {description && <span className="block text-caption text-muted">{description}</span>}
        </span>
      )}
    </AriaCheckbox>
  )
}

export function Switch({
  children,
  label,
  ...props
}: Omit<CheckboxProps, 'isIndeterminate' | 'description'>) {
  return (
    <AriaSwitch
      {...props}
      aria-label={label}
      className={classNames(
        'group inline-flex items-center gap-2 disabled:text-muted',
        props.className,
      )}
    >
      <span className="flex h-4 w-7 shrink-0 items-center rounded-full border border-control bg-pressed px-px transition-colors group-data-disabled:border-line! group-data-disabled:bg-sunken! group-data-focus-visible:outline-2 group-data-focus-visible:outline-offset-1 group-data-focus-visible:outline-accent group-data-selected:border-accent group-data-selected:bg-accent">
        <span className="size-3 rounded-full bg-control transition-transform group-data-disabled:bg-line! group-data-selected:translate-x-3 group-data-selected:bg-accent-on" />
      </span>
      {children}
    </AriaSwitch>
  )
}

interface RadioGroupProps extends FieldProps {
  value?: string
  defaultValue?: string
  onChange?: (value: string) => void
  name?: string
  options: { value: string; label: string; description?: ReactNode; isDisabled?: boolean }[]
}

export function RadioGroup({
  label,
  hideLabel,
  description,
  error,
  options,
  className,
  ...props
}: RadioGroupProps) {
  return (
    <AriaRadioGroup
      {...props}
      isInvalid={Boolean(error)}
      className={classNames('flex flex-col gap-2', className)}
    >
      <FieldLabel label={label} hideLabel={hideLabel} />
      {options.map((option) => (
        <AriaRadio
          key={option.value}
          value={option.value}
          isDisabled={option.isDisabled}
          className="group flex items-start gap-2 disabled:text-muted"
        >
          <span className="mt-0.5 grid size-4 shrink-0 place-items-center rounded-full border border-control bg-surface group-data-disabled:border-line! group-data-disabled:bg-sunken! group-data-focus-visible:outline-2 group-data-focus-visible:outline-offset-1 group-data-focus-visible:outline-accent group-data-selected:border-accent group-data-selected:bg-accent">
            <span className="hidden size-1.5 rounded-full bg-accent-on group-data-disabled:bg-muted group-data-selected:block" />
          </span>
          <span>
            {option.label}
            {option.description && (
              <span className="block text-caption text-muted">{option.description}</span>
            )}
          </span>
        </AriaRadio>
      ))}
      <FieldNotes description={description} error={error} />
    </AriaRadioGroup>
  )
}
