import {
  Button,
  ButtonGroup,
  ConfirmDialog,
  CopyIcon,
  Dialog,
  IconButton,
  Kbd,
  Menu,
  MoreIcon,
  PlusIcon,
  Popover,
  Tooltip,
} from '@xendeck/ui'
import { useState } from 'react'
import { Sample } from './Sample.tsx'

const variants = ['primary', 'default', 'quiet', 'danger'] as const

export function ActionsGallery() {
  return (
    <div className="space-y-6">
      {variants.map((variant) => (
        <Sample key={variant} name={`Button, ${variant}`}>
          <Button variant={variant}>Start</Button>
          <Button variant={variant} icon={<PlusIcon />}>
            With icon
          </Button>
          <Button variant={variant} size="small">
            Small
          </Button>
          <Button variant={variant} isPending>
            Starting
          </Button>
          <Button variant={variant} disabledReason="Already running">
            Disabled
          </Button>
        </Sample>
      ))}
      <Sample name="IconButton, ButtonGroup, toggle, Tooltip, Kbd">
        <IconButton label="Copy" icon={<CopyIcon />} />
        <IconButton label="Copy" icon={<CopyIcon />} size="small" />
        <IconButton label="Copy" icon={<CopyIcon />} disabledReason="Nothing to copy" />
        <ButtonGroup label="Screen">
          <Button isPressed>Fit</Button>
          <Button isPressed={false}>1:1</Button>
        </ButtonGroup>
        <Tooltip text="A word on it">
          <Button>Point at me</Button>
        </Tooltip>
        <Kbd>Ctrl</Kbd>
        <Kbd>Alt</Kbd>
      </Sample>
      <Sample name="Menu, Popover">
        <Menu
          label="Actions"
          items={[
            { id: 'start', label: 'Start', disabledReason: 'Already running' },
            { id: 'stop', label: 'Shut down' },
            {
              id: 'more',
              label: 'Power',
              items: [
                { id: 'pause', label: 'Pause' },
                { id: 'suspend', label: 'Suspend', disabledReason: 'Needs the guest tools' },
              ],
            },
            { id: 'line', separator: true },
            {
              id: 'theme',
              section: 'Choice',
              items: [
                { id: 'a', label: 'One', isSelected: true },
                { id: 'b', label: 'Two', isSelected: false, description: 'With a description' },
              ],
            },
            { id: 'line2', separator: true },
            { id: 'delete', label: 'Delete…', isDanger: true },
          ]}
        >
          <IconButton label="More" icon={<MoreIcon />} />
        </Menu>
        <Popover trigger={<Button>Popover</Button>} label="Popover">
          <p className="p-4">A small panel by a button.</p>
        </Popover>
      </Sample>
      <Dialogs />
    </div>
  )
}

function Dialogs() {
  const [open, setOpen] = useState<'none' | 'plain' | 'confirm' | 'danger'>('none')
  const close = () => setOpen('none')
  return (
    <Sample name="Dialog, ConfirmDialog">
      <Button onPress={() => setOpen('plain')}>Dialog…</Button>
      <Button onPress={() => setOpen('confirm')}>Confirm…</Button>
      <Button variant="danger" onPress={() => setOpen('danger')}>
        Danger…
      </Button>
      <Dialog
        title="Migrate db-1"
        isOpen={open === 'plain'}
        onClose={close}
        footer={
          <>
            <Button onPress={close}>Cancel</Button>
            <Button variant="primary" onPress={close}>
              Migrate
            </Button>
          </>
        }
      >
        <p>It goes on running while it moves.</p>
      </Dialog>
      <ConfirmDialog
        title="Restart db-1?"
        isOpen={open === 'confirm'}
        onClose={close}
        onConfirm={close}
        confirmLabel="Restart"
      >
        The guest is asked to restart.
      </ConfirmDialog>
      <ConfirmDialog
        title="Delete db-1?"
        isOpen={open === 'danger'}
        onClose={close}
        onConfirm={close}
        confirmLabel="Delete"
        isDanger
        losses={['2 disks (640 GiB)', '5 snapshots']}
        error="The pool cannot be reached."
      >
        This cannot be undone.
      </ConfirmDialog>
    </Sample>
  )
}
