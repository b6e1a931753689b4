import { useCallback, useEffect, useState } from 'react'

interface KeyboardLock {
  lock?: (keys: string[]) => Promise<void>
  unlock?: () => void
}

/** How one leaves: guests need Esc, so where the browser lends it to the page, only holding it leaves. */
export type Leave = 'press' | 'hold'

/**
 * The whole document goes full screen, and the caller lays its own over the rest: menus, dialogs and the sign-in live
 * beside the page, and would be hidden by a single element that fills the screen.
 */
export function useFullScreen(): {
  isFull: boolean
  leave: Leave
  canFull: boolean
  toggle: () => void
} {
  const [isFull, setFull] = useState(false)
  const [leave, setLeave] = useState<Leave>('press')

  useEffect(() => {
    const look = () => setFull(document.fullscreenElement !== null)
    document.addEventListener('fullscreenchange', look)
    return () => {
      document.removeEventListener('fullscreenchange', look)
      if (document.fullscreenElement) leaveFullScreen()
    }
  }, [])

  const toggle = useCallback(() => {
    if (document.fullscreenElement) {
      leaveFullScreen()
      return
    }
    // Chromium only, and only over https; elsewhere Esc leaves at once.
    const keyboard = keyboardLock()
    document.documentElement
      .requestFullscreen()
      .then(() => keyboard?.lock?.(['Escape']))
      .then(
        () => setLeave(keyboard?.lock ? 'hold' : 'press'),
        () => setLeave('press'),
      )
  }, [])

  return { isFull, leave, canFull: document.fullscreenEnabled, toggle }
}

function leaveFullScreen(): void {
  keyboardLock()?.unlock?.()
  // Refused where it has ended by itself in the meantime.
  document.exitFullscreen().catch(() => undefined)
}

function keyboardLock(): KeyboardLock | undefined {
  return (navigator as Navigator & { keyboard?: KeyboardLock }).keyboard
}
