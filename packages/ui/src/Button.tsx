import type { ReactNode, Ref } from 'react'
import { useId } from 'react'
import { Button as AriaButton } from 'react-aria-components'
import { classNames } from './class-names.ts'
import { Spinner } from './Progress.tsx'
import { Tooltip } from './Tooltip.tsx'

export interface ButtonProps {
  children?: ReactNode
  variant?: 'primary' | 'default' | 'quiet' | 'danger'
  size?: 'medium' | 'small'
  type?: 'button' | 'submit'
  /** Of the form that it submits from outside. */
  form?: string
  icon?: ReactNode
  /** For buttons without text. */
  label?: string
  /** Says more than the text does. */
  tooltip?: ReactNode
  /** Why it cannot be pressed now. The button stays in its place and in the tab order, and says so. */
  disabledReason?: string | null | undefined
  isPending?: boolean
  /** Toggle buttons. */
  isPressed?: boolean
  autoFocus?: boolean
  /** Side by side with others like it, in a bar. */
  isTight?: boolean
  className?: string
  onPress?: () => void
  ref?: Ref<HTMLButtonElement>
}

const looks = {
  primary: 'border-transparent bg-accent text-accent-on hovered:bg-accent-hover font-medium',
  default: 'border-line bg-surface text-primary hovered:bg-hover hovered:border-control',
  quiet: 'border-transparent text-secondary hovered:bg-hover hovered:text-primary',
  danger: 'border-transparent bg-bad text-bad-on hovered:bg-bad-hover font-medium',
}
const unavailable = {
  primary: 'border-hairline bg-surface text-muted',
  default: 'border-hairline bg-surface text-muted',
  quiet: 'border-transparent text-muted',
  danger: 'border-hairline bg-surface text-muted',
}
const sizes = {
  medium: 'h-8 gap-2',
  small: 'h-6 gap-1.5 text-caption',
}
const paddings = { medium: 'px-3', small: 'px-2' }
const squares = { medium: 'size-8', small: 'size-6' }

export function Button({
  children,
  variant = 'default',
  size = 'medium',
  type = 'button',
  form,
  icon,
  label,
  tooltip,
  disabledReason,
  isPending,
  isPressed,
  autoFocus,
  isTight,
  className,
  onPress,
  ref,
}: ButtonProps) {
  const reasonId = useId()
  const isDisabled = Boolean(disabledReason)
  return (
    <>
      <Tooltip text={disabledReason ?? tooltip ?? (children ? null : label)}>
        <AriaButton
          ref={ref}
          // A submit button that is not available must not submit.
          type={isDisabled ? 'button' : type}
          form={form}
          aria-label={label}
          aria-disabled={isDisabled || undefined}
          aria-describedby={isDisabled ? reasonId : undefined}
          aria-pressed={isPressed}
          isPending={isPending}
          // oxlint-disable-next-line jsx-a11y/no-autofocus -- for the button a dialog begins at
          autoFocus={autoFocus}
          onPress={isDisabled ? undefined : onPress}
          className={classNames(
            'relative inline-flex shrink-0 items-center justify-center rounded-md border whitespace-nowrap transition-colors select-none',
            children ? classNames(sizes[size], isTight ? 'px-2' : paddings[size]) : squares[size],
            isDisabled ? unavailable[variant] : classNames(looks[variant], 'cursor-default'),
            isPressed && 'bg-pressed! text-primary!',
            className,
          )}
        >
          {isPending && (
            <span className="absolute inset-0 grid place-items-center">
              <Spinner />
            </span>
          )}
          {icon && <span className={isPending ? 'opacity-0' : 'contents'}>{icon}</span>}
          {children && <span className={isPending ? 'opacity-0' : 'contents'}>{children}</span>}
        </AriaButton>
      </Tooltip>
      {isDisabled && (
        <span id={reasonId} hidden>
          {disabledReason}
        </span>
      )}
    </>
  )
}

/** A button that is only an icon; the label is its name and its tooltip. */
export function IconButton(
  props: Omit<ButtonProps, 'children'> & { label: string; icon: ReactNode },
) {
  return <Button variant="quiet" {...props} />
}

/** Related buttons side by side. */
export function ButtonGroup({ children, label }: { children: ReactNode; label?: string }) {
  return (
    // A fieldset has looks and a layout of its own.
    // oxlint-disable-next-line jsx-a11y/prefer-tag-over-role
    <div role="group" aria-label={label} className="flex flex-wrap items-center gap-2">
      {children}
    </div>
  )
}
