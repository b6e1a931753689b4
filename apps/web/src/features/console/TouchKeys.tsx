import { Trans, useLingui } from '@lingui/react/macro'
import { Button, KeyboardIcon } from '@xendeck/ui'
import { useRef, type CompositionEvent, type FormEvent } from 'react'
import type { SpecialKey } from './keys.ts'
import type { ConsoleScreen } from './screen.ts'

interface Props {
  screen: ConsoleScreen
  isConnected: boolean
  /** Ctrl is held for the next key. */
  control: boolean
  onControl: (held: boolean) => void
  /** Only graphical consoles know it. */
  onCtrlAltDel?: () => void
}

const rows: readonly [SpecialKey, string][] = [
  ['Left', '←'],
  ['Up', '↑'],
  ['Down', '↓'],
  ['Right', '→'],
]

/** Deleting needs something to delete: soft keyboards send no key for Backspace in an empty field. */
const FILLER = '\u200b'

/** The keys that a phone lacks, and the button that brings its keyboard up. */
export function TouchKeys({ screen, isConnected, control, onControl, onCtrlAltDel }: Props) {
  const { t } = useLingui()
  const field = useRef<HTMLTextAreaElement>(null)
  const reason = isConnected ? null : t`The console is not connected`
  const press = (key: SpecialKey) => {
    screen.sendSpecial(key, control)
    onControl(false)
  }
  const type = (text: string) => {
    if (text === '') return
    screen.sendText(text, control)
    onControl(false)
  }
  const refill = () => {
    if (!field.current) return
    field.current.value = FILLER
    field.current.setSelectionRange(1, 1)
  }
  const take = (event: FormEvent<HTMLTextAreaElement>) => {
    const input = event.nativeEvent
    // While a word is being composed (Chinese, swipe typing) it is not typed yet.
    if (!(input instanceof InputEvent) || input.isComposing) return
    if (input.inputType.startsWith('delete')) press('Backspace')
    else if (input.inputType === 'insertLineBreak') press('Enter')
    else type(input.data ?? '')
    refill()
  }
  const takeComposed = (event: CompositionEvent<HTMLTextAreaElement>) => {
    type(event.data)
    refill()
  }
  const key = (name: SpecialKey, label: string, spoken?: string) => (
    <Button
      key={name}
      className="min-w-9 px-2"
      disabledReason={reason}
      label={spoken}
      onPress={() => press(name)}
    >
      {label}
    </Button>
  )
  const spoken: Partial<Record<SpecialKey, string>> = {
    Left: t`Arrow left`,
    Up: t`Arrow up`,
    Down: t`Arrow down`,
    Right: t`Arrow right`,
  }
  return (
    <div
      role="toolbar"
      aria-label={t`Keys`}
      className="flex shrink-0 gap-1 overflow-x-auto border-t border-hairline bg-surface p-1.5 wide:hidden"
    >
      <Button
        className="px-2"
        icon={<KeyboardIcon />}
        label={t`Keyboard`}
        disabledReason={reason}
        onPress={() => {
          refill()
          field.current?.focus()
        }}
      />
      {key('Escape', 'Esc')}
      {key('Tab', 'Tab')}
      <Button
        className="px-2"
        isPressed={control}
        disabledReason={reason}
        onPress={() => onControl(!control)}
      >
        Ctrl
      </Button>
      {rows.map(([name, label]) => key(name, label, spoken[name]))}
      {onCtrlAltDel && (
        <Button className="px-2" disabledReason={reason} onPress={onCtrlAltDel}>
          <Trans>Ctrl-Alt-Del</Trans>
        </Button>
      )}
      <textarea
        ref={field}
        aria-label={t`Type into the console`}
        tabIndex={-1}
        autoCapitalize="off"
        autoComplete="off"
        autoCorrect="off"
        spellCheck={false}
        defaultValue={FILLER}
        onInput={take}
        onCompositionEnd={takeComposed}
        className="fixed bottom-0 left-0 size-px opacity-0"
      />
    </div>
  )
}
