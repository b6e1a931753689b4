import { useCallback, useEffect, useState, type RefObject } from 'react'

interface KeyboardLock {
  lock?: (keys: string[]) => Promise<void>
  unlock?: () => void
}

/** How one leaves: guests need Esc, so where the browser lends it to the page, only holding it leaves. */
export type Leave = 'press' | 'hold'

export function useFullScreen(element: RefObject<HTMLElement | null>): {
  isFull: boolean
  leave: Leave
  canFull: boolean
  toggle: () => void
} {
  const [isFull, setFull] = useState(false)
  const [leave, setLeave] = useState<Leave>('press')

  useEffect(() => {
    const look = () =>
      setFull(document.fullscreenElement === element.current && element.current !== null)
    document.addEventListener('fullscreenchange', look)
    return () => document.removeEventListener('fullscreenchange', look)
  }, [element])

  const toggle = useCallback(() => {
    // Chromium only, and only over https; elsewhere Esc leaves at once.
    const keyboard = (navigator as Navigator & { keyboard?: KeyboardLock }).keyboard
    if (document.fullscreenElement) {
      keyboard?.unlock?.()
      void document.exitFullscreen()
      return
    }
    element.current
      ?.requestFullscreen()
      .then(() => keyboard?.lock?.(['Escape']))
      .then(
        () => setLeave(keyboard?.lock ? 'hold' : 'press'),
        () => setLeave('press'),
      )
  }, [element])

  return { isFull, leave, canFull: document.fullscreenEnabled, toggle }
}
