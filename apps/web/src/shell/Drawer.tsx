import { useLingui } from '@lingui/react/macro'
import { IconButton, CloseIcon } from '@xendeck/ui'
import { Dialog, Modal, ModalOverlay } from 'react-aria-components'
import { Brand } from './Brand.tsx'
import { setDrawer, useShell } from './shell-store.ts'
import { Sidebar } from './Sidebar.tsx'

/** The sidebar over the page, where there is no room beside it. */
export function Drawer() {
  const { t } = useLingui()
  const isOpen = useShell((state) => state.isDrawerOpen)
  return (
    <ModalOverlay
      isOpen={isOpen}
      onOpenChange={setDrawer}
      isDismissable
      className="fixed inset-0 z-30 bg-scrim entering:animate-[ui-fade_120ms]"
    >
      <Modal className="flex h-full w-76 max-w-[85vw] flex-col bg-surface shadow-float">
        <Dialog aria-label={t`Navigation`} className="flex min-h-0 flex-1 flex-col outline-none">
          <div className="flex h-12 items-center justify-between pr-2 pl-4">
            <Brand />
            <IconButton label={t`Close`} icon={<CloseIcon />} onPress={() => setDrawer(false)} />
          </div>
          <Sidebar />
        </Dialog>
      </Modal>
    </ModalOverlay>
  )
}
