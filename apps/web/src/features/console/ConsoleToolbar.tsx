import { Trans, useLingui } from '@lingui/react/macro'
import type { ConsoleProtocol, Vm } from '@xendeck/contract'
import {
  Button,
  FullScreenIcon,
  Menu,
  notices,
  Segmented,
  State,
  type MenuEntry,
  type StateShape,
} from '@xendeck/ui'
import type { MessageDescriptor } from '@lingui/core'
import type { Ref } from 'react'
import { combinations } from './keys.ts'
import { RfbScreen, type Scaling } from './rfb-screen.ts'
import type { ConsolePhase } from './session.ts'
import { TextScreen } from './text-screen.ts'
import type { useFullScreen } from './use-full-screen.ts'

interface Props {
  vm: Vm
  protocol: ConsoleProtocol
  onProtocol: (protocol: ConsoleProtocol) => void
  phase: ConsolePhase
  words: { shape: StateShape; title: MessageDescriptor }
  size: string | null
  screen: RfbScreen | TextScreen | null
  scaling: Scaling
  onScaling: (scaling: Scaling) => void
  isMoving: boolean
  onMoving: (isMoving: boolean) => void
  full: ReturnType<typeof useFullScreen>
  hasKeyboard: boolean
  ref: Ref<HTMLDivElement>
}

export function ConsoleToolbar(props: Props) {
  const { vm, protocol, phase, words, size, screen, scaling, isMoving, full, ref } = props
  const { t, i18n } = useLingui()
  const offline = phase.name === 'connected' ? null : t`The console is not connected`
  const both = vm.consoles.includes('rfb') && vm.consoles.includes('vt100')
  return (
    <div
      ref={ref}
      role="toolbar"
      aria-label={t`Console`}
      tabIndex={-1}
      className="@container flex min-h-10 shrink-0 items-center gap-2 border-b border-hairline bg-surface px-3 py-1"
    >
      {both && (
        <Segmented
          label={t`Kind of console`}
          value={protocol}
          onChange={(value) => props.onProtocol(value === 'vt100' ? 'vt100' : 'rfb')}
          options={[
            { value: 'rfb', label: <Trans>Graphical</Trans> },
            { value: 'vt100', label: <Trans>Text</Trans> },
          ]}
        />
      )}
      <State shape={words.shape} className="shrink-0">
        {i18n._(words.title)}
      </State>
      {size && <span className="shrink-0 text-muted @max-2xl:hidden">{size}</span>}
      {props.hasKeyboard && (
        <span className="min-w-0 truncate text-muted @max-xl:hidden">
          <Trans>
            <kbd className="font-mono">Ctrl+Alt+Shift</kbd> leaves the screen
          </Trans>
        </span>
      )}
      <div className="ml-auto flex shrink-0 items-center gap-2">
        {screen instanceof RfbScreen && (
          <>
            <Button
              size="small"
              className="@max-lg:hidden"
              disabledReason={offline}
              onPress={() => screen.sendCtrlAltDel()}
            >
              <Trans>Ctrl-Alt-Del</Trans>
            </Button>
            <Menu label={t`Keys`} items={keyEntries(screen)} placement="bottom end">
              <Button size="small" disabledReason={offline}>
                <Trans>Keys</Trans>
              </Button>
            </Menu>
            <Button
              size="small"
              tooltip={t`Fit the screen into the page, or show it pixel by pixel`}
              onPress={() => props.onScaling(scaling === 'fit' ? 'actual' : 'fit')}
            >
              {scaling === 'fit' ? t`Fit` : t`1 : 1`}
            </Button>
            {scaling === 'actual' && matchMedia('(pointer: coarse)').matches && (
              <Button size="small" isPressed={isMoving} onPress={() => props.onMoving(!isMoving)}>
                <Trans>Move</Trans>
              </Button>
            )}
          </>
        )}
        {screen instanceof TextScreen && <TextButtons screen={screen} offline={offline} />}
        <Button
          size="small"
          icon={<FullScreenIcon />}
          disabledReason={full.canFull ? null : t`This browser does not allow it here`}
          onPress={full.toggle}
          label={full.isFull ? t`Leave full screen` : t`Full screen`}
        />
      </div>
    </div>
  )
}

function keyEntries(screen: RfbScreen): MenuEntry[] {
  return combinations.map(({ name }) => ({
    id: name,
    label: name,
    onAction: () => {
      screen.sendCombination(name)
      screen.focus()
    },
  }))
}

function TextButtons({ screen, offline }: { screen: TextScreen; offline: string | null }) {
  const { t } = useLingui()
  // Browsers give the clipboard only to pages from https or from this machine.
  const noClipboard = 'clipboard' in navigator ? null : t`The browser allows this only over https`
  const complain = () =>
    notices.add({ tone: 'warn', title: t`The browser did not allow access to the clipboard` })
  return (
    <>
      <Button
        size="small"
        tooltip={t`Types the stty command: a serial line does not know how large its terminal is`}
        disabledReason={offline}
        onPress={() => {
          screen.typeSize()
          screen.focus()
        }}
      >
        <Trans>Set size</Trans>
      </Button>
      <Button
        size="small"
        tooltip="Ctrl + Shift + C"
        disabledReason={noClipboard}
        onPress={() => {
          if (screen.hasSelection) screen.copy().catch(complain)
          else notices.add({ tone: 'info', title: t`Select some text in the console first` })
        }}
      >
        <Trans>Copy</Trans>
      </Button>
      <Button
        size="small"
        tooltip="Ctrl + Shift + V"
        disabledReason={offline ?? noClipboard}
        onPress={() => {
          screen.paste().catch(complain)
          screen.focus()
        }}
      >
        <Trans>Paste</Trans>
      </Button>
    </>
  )
}
