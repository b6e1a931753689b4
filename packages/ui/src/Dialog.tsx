import type { ReactNode } from 'react'
import { Dialog as AriaDialog, Heading, Modal, ModalOverlay } from 'react-aria-components'
import { Button, IconButton } from './Button.tsx'
import { classNames } from './class-names.ts'
import { CloseIcon } from './icons.tsx'
import { useLabels } from './labels.ts'

interface DialogProps {
  title: ReactNode
  isOpen: boolean
  onClose: () => void
  /** Left: what else can be done. Right: the buttons; the one that does it last. */
  footer?: ReactNode
  children?: ReactNode
  size?: 'small' | 'medium' | 'large'
  /** For confirmations, which are read out at once. */
  role?: 'dialog' | 'alertdialog'
  /** Work is under way that closing would hide. */
  isBusy?: boolean
}

const widths = { small: 'wide:w-104', medium: 'wide:w-140', large: 'wide:w-200' }

/** Modal: Escape or the cross closes it, focus returns to where it came from. On narrow screens a sheet from the foot. */
export function Dialog({
  title,
  isOpen,
  onClose,
  footer,
  children,
  size = 'small',
  role = 'dialog',
  isBusy = false,
}: DialogProps) {
  const labels = useLabels()
  return (
    <ModalOverlay
      isOpen={isOpen}
      onOpenChange={(open) => {
        if (!open) onClose()
      }}
      isDismissable={false}
      isKeyboardDismissDisabled={isBusy}
      className="fixed inset-0 z-40 flex justify-center bg-scrim entering:animate-[ui-fade_120ms] narrow:items-end wide:items-start wide:pt-[12vh]"
    >
      <Modal
        className={classNames(
          'flex max-h-[76vh] flex-col overflow-hidden bg-raised shadow-float narrow:max-h-[88vh] narrow:w-full narrow:rounded-t-lg wide:rounded-lg',
          widths[size],
        )}
      >
        <AriaDialog role={role} className="flex min-h-0 flex-col outline-none">
          <header className="flex items-start gap-4 px-5 pt-4 pb-2">
            <Heading slot="title" className="min-w-0 flex-1 text-heading font-semibold break-words">
              {title}
            </Heading>
            {!isBusy && (
              <IconButton
                size="small"
                label={labels.close}
                icon={<CloseIcon />}
                onPress={onClose}
              />
            )}
          </header>
          <div className="min-h-0 flex-1 overflow-y-auto px-5 pt-1 pb-4">{children}</div>
          {footer && (
            <footer className="flex flex-wrap items-center justify-end gap-2 border-t border-hairline px-5 py-3">
              {footer}
            </footer>
          )}
        </AriaDialog>
      </Modal>
    </ModalOverlay>
  )
}

interface ConfirmDialogProps {
  title: string
  isOpen: boolean
  onClose: () => void
  onConfirm: () => void
  /** The verb on the button: "Delete 2 VMs". */
  confirmLabel: string
  isDanger?: boolean
  isPending?: boolean
  /** Why it cannot be confirmed yet. */
  disabledReason?: string | null
  /** One clear sentence. */
  children?: ReactNode
  /** What is lost, item by item. */
  losses?: ReactNode[]
  /** What went wrong on the last try. */
  error?: ReactNode
}

/** Asks once, in one sentence, and names what is lost. Focus starts on Cancel where something is. */
export function ConfirmDialog({
  title,
  isOpen,
  onClose,
  onConfirm,
  confirmLabel,
  isDanger = false,
  isPending = false,
  disabledReason,
  children,
  losses,
  error,
}: ConfirmDialogProps) {
  const labels = useLabels()
  return (
    <Dialog
      role="alertdialog"
      title={title}
      isOpen={isOpen}
      onClose={onClose}
      isBusy={isPending}
      footer={
        <>
          {/* oxlint-disable jsx-a11y/no-autofocus -- focus has to begin somewhere in a dialog: here, on what does no harm */}
          <Button onPress={onClose} autoFocus={isDanger}>
            {labels.cancel}
          </Button>
          <Button
            variant={isDanger ? 'danger' : 'primary'}
            isPending={isPending}
            disabledReason={disabledReason}
            autoFocus={!isDanger}
            onPress={onConfirm}
          >
            {confirmLabel}
          </Button>
          {/* oxlint-enable jsx-a11y/no-autofocus */}
        </>
      }
    >
      <div className="space-y-3 text-secondary">
        {children}
        {losses && losses.length > 0 && (
          <ul className="list-disc space-y-1 rounded-md bg-bad-soft py-2 pr-3 pl-7 text-primary marker:text-bad">
            {/* They have no names of their own, and do not move while the question stands. */}
            {losses.map((loss, index) => (
              // oxlint-disable-next-line react/no-array-index-key
              <li key={index}>{loss}</li>
            ))}
          </ul>
        )}
        {error && (
          <p role="alert" className="text-bad">
            {error}
          </p>
        )}
      </div>
    </Dialog>
  )
}
