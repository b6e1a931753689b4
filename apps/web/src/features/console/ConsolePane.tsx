/* oxlint-disable jsx-a11y/no-noninteractive-tabindex, jsx-a11y/no-noninteractive-element-interactions, jsx-a11y/prefer-tag-over-role -- the screen of a VM: no HTML element is one, and the keyboard has to get in and out of it */
import { Trans, useLingui } from '@lingui/react/macro'
import type { ConsoleProtocol, Vm } from '@xendeck/contract'
import { classNames } from '@xendeck/ui'
import { useEffect, useRef, useState, type KeyboardEvent } from 'react'
import type { VmOperation } from '../vm/actions.ts'
import { chooseProtocol } from './availability.ts'
import { ConsoleNotice } from './ConsoleNotice.tsx'
import { ConsoleToolbar } from './ConsoleToolbar.tsx'
import { EscapeChord, withControl } from './keys.ts'
import {
  rememberedProtocol,
  rememberedScaling,
  rememberProtocol,
  rememberScaling,
} from './remembered.ts'
import { RfbScreen, type Scaling } from './rfb-screen.ts'
import { TextScreen } from './text-screen.ts'
import { TouchKeys } from './TouchKeys.tsx'
import { useConsole } from './use-console.ts'
import { useFullScreen } from './use-full-screen.ts'
import { wordsOf } from './words.ts'

interface Props {
  vm: Vm
  run: (operation: VmOperation, vms: readonly Vm[]) => void
}

/** A VM's console: toolbar, screen, and on phones a row of keys. */
export function ConsolePane({ vm, run }: Props) {
  const { i18n, t } = useLingui()
  const toolbar = useRef<HTMLDivElement>(null)
  const frame = useRef<HTMLDivElement>(null)
  const target = useRef<HTMLDivElement>(null)
  const [chosen, setChosen] = useState<ConsoleProtocol | null>(rememberedProtocol)
  const protocol = chooseProtocol(vm.consoles, chosen)
  const [scaling, setScaling] = useState<Scaling>(rememberedScaling)
  const [isMoving, setMoving] = useState(false)
  const [size, setSize] = useState<string | null>(null)
  const [control, setControl] = useState(false)
  const [hasKeyboard, setHasKeyboard] = useState(false)
  const [made, setMade] = useState<RfbScreen | TextScreen | null>(null)
  // For one render after a change of protocol the screen is still that of the other.
  const screen = made instanceof (protocol === 'rfb' ? RfbScreen : TextScreen) ? made : null
  const controlHeld = useRef(control)
  const { phase, retryNow } = useConsole(vm, protocol, screen)
  const full = useFullScreen()
  const isConnected = phase.name === 'connected'
  const words = wordsOf(phase)
  const { name } = vm

  const leave = useRef(() => {})
  useEffect(() => {
    controlHeld.current = control
    leave.current = () => {
      screen?.releaseKeys()
      // The bar itself, not its first button: Enter must not send Ctrl-Alt-Del.
      toolbar.current?.focus()
    }
  })

  useEffect(() => {
    if (!target.current) return
    const created =
      protocol === 'rfb'
        ? new RfbScreen(target.current, { onSize: setSize })
        : new TextScreen(target.current, {
            onSize: setSize,
            onLeave: () => leave.current(),
            transform: (text) => {
              if (!controlHeld.current) return text
              setControl(false)
              return [...text].map(withControl).join('')
            },
          })
    setMade(created)
    return () => {
      created.dispose()
      setMade(null)
      setSize(null)
    }
  }, [protocol])

  useEffect(() => {
    if (screen instanceof RfbScreen) screen.setView(scaling, isMoving)
  }, [screen, scaling, isMoving])

  // Before noVNC, which swallows every key on its canvas.
  useEffect(() => {
    const element = frame.current
    if (!element || protocol !== 'rfb') return
    const chord = new EscapeChord()
    const listen = (event: globalThis.KeyboardEvent) => {
      if (chord.handle(event)) leave.current()
    }
    element.addEventListener('keydown', listen, true)
    element.addEventListener('keyup', listen, true)
    return () => {
      element.removeEventListener('keydown', listen, true)
      element.removeEventListener('keyup', listen, true)
    }
  }, [protocol])

  const enter = (event: KeyboardEvent<HTMLDivElement>) => {
    if (event.target !== frame.current || event.key !== 'Enter') return
    event.preventDefault()
    screen?.focus()
  }

  return (
    <div
      className={classNames(
        'flex min-h-0 min-w-0 flex-1 flex-col bg-page',
        full.isFull && 'fixed inset-0 z-30',
      )}
    >
      <ConsoleToolbar
        ref={toolbar}
        vm={vm}
        protocol={protocol}
        onProtocol={(next) => {
          setChosen(next)
          rememberProtocol(next)
        }}
        phase={phase}
        words={words}
        size={isConnected || protocol === 'vt100' ? size : null}
        screen={screen}
        scaling={scaling}
        onScaling={(next) => {
          setScaling(next)
          rememberScaling(next)
        }}
        isMoving={isMoving}
        onMoving={setMoving}
        full={full}
        hasKeyboard={hasKeyboard}
      />
      <output className="sr-only">{i18n._(words.title)}</output>
      {/* Screens of servers are dark in both themes. */}
      <div
        ref={frame}
        data-theme="dark"
        role="group"
        tabIndex={0}
        aria-label={t`Screen of ${name}. Enter: type into it. Ctrl + Alt + Shift together: leave it.`}
        onKeyDown={enter}
        onFocus={(event) => setHasKeyboard(target.current?.contains(event.target) ?? false)}
        onBlur={() => setHasKeyboard(false)}
        className={classNames(
          'relative min-h-0 min-w-0 flex-1 overflow-hidden bg-[#0a0c0f] text-primary focus-visible:-outline-offset-2',
          hasKeyboard && 'outline-2 -outline-offset-2 outline-accent',
        )}
      >
        <div
          ref={target}
          key={protocol}
          className={classNames(
            'absolute bg-[#0a0c0f] text-[#d5d9e0]',
            protocol === 'rfb' ? 'inset-0.5' : 'inset-2',
          )}
        />
        <ConsoleNotice vm={vm} phase={phase} run={run} retryNow={retryNow} />
        {full.isFull && <LeaveHint leave={full.leave} />}
      </div>
      {screen && (
        <TouchKeys
          screen={screen}
          isConnected={isConnected}
          control={control}
          onControl={setControl}
          onCtrlAltDel={screen instanceof RfbScreen ? () => screen.sendCtrlAltDel() : undefined}
        />
      )}
    </div>
  )
}

/** For the first seconds of full screen. */
function LeaveHint({ leave }: { leave: 'press' | 'hold' }) {
  const [isShown, setShown] = useState(true)
  useEffect(() => {
    const timer = setTimeout(() => setShown(false), 5000)
    return () => clearTimeout(timer)
  }, [])
  if (!isShown) return null
  return (
    <p className="pointer-events-none absolute inset-x-0 bottom-6 text-center">
      <span className="rounded-md bg-raised px-3 py-1.5 shadow-float">
        {leave === 'hold' ? (
          <Trans>Hold Esc to leave full screen</Trans>
        ) : (
          <Trans>Press Esc to leave full screen</Trans>
        )}
      </span>
    </p>
  )
}
