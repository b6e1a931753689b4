import {
  Button as AriaButton,
  ListBox,
  ListBoxItem,
  Popover,
  Select as AriaSelect,
  SelectValue,
  Text,
} from 'react-aria-components'
import { classNames } from './class-names.ts'
import { controlLook, FieldLabel, FieldNotes, type FieldProps } from './field-parts.tsx'
import { CheckIcon, ChevronDownIcon } from './icons.tsx'
import { useLabels } from './labels.ts'
import { popoverLook } from './Menu.tsx'

export interface SelectOption {
  value: string
  label: string
  description?: string
  /** Why it cannot be chosen; shown below its label. */
  disabledReason?: string | null
}

interface SelectProps extends FieldProps {
  options: readonly SelectOption[]
  value?: string | null
  defaultValue?: string
  onChange?: (value: string) => void
  placeholder?: string
  name?: string
}

export function Select({
  label,
  hideLabel,
  description,
  error,
  options,
  value,
  defaultValue,
  onChange,
  placeholder,
  className,
  ...field
}: SelectProps) {
  const labels = useLabels()
  return (
    <AriaSelect
      {...field}
      placeholder={placeholder ?? labels.choose}
      selectedKey={value}
      defaultSelectedKey={defaultValue}
      onSelectionChange={(key) => {
        if (key !== null) onChange?.(String(key))
      }}
      disabledKeys={options.filter((option) => option.disabledReason).map((option) => option.value)}
      isInvalid={Boolean(error)}
      validationBehavior="aria"
      className={classNames('flex flex-col gap-1', className)}
    >
      <FieldLabel label={label} hideLabel={hideLabel} />
      <AriaButton
        className={classNames(controlLook, 'flex items-center justify-between gap-2 text-left')}
      >
        <SelectValue className="min-w-0 flex-1 truncate data-placeholder:text-muted">
          {({ selectedText, isPlaceholder, defaultChildren }) =>
            isPlaceholder ? defaultChildren : selectedText
          }
        </SelectValue>
        <ChevronDownIcon className="text-muted" />
      </AriaButton>
      <FieldNotes description={description} error={error} />
      <Popover offset={4} className={classNames(popoverLook, 'w-(--trigger-width)')}>
        <ListBox items={options} className="max-h-80 overflow-auto p-1 outline-none">
          {(option) => (
            <ListBoxItem
              id={option.value}
              textValue={option.label}
              className="group flex min-h-8 items-center gap-2 rounded-md px-2 py-1 outline-none focused:bg-hover disabled:text-muted data-disabled:text-muted"
            >
              <span className="min-w-0 flex-1">
                <Text slot="label" className="block truncate">
                  {option.label}
                </Text>
                {(option.disabledReason ?? option.description) && (
                  <Text slot="description" className="block text-caption text-muted">
                    {option.disabledReason ?? option.description}
                  </Text>
                )}
              </span>
              <CheckIcon className="invisible text-accent-text group-data-selected:visible" />
            </ListBoxItem>
          )}
        </ListBox>
      </Popover>
    </AriaSelect>
  )
}
