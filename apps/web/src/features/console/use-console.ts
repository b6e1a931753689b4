import type { ConsoleProtocol, Vm } from '@xendeck/contract'
import { useEffect, useRef, useState, useSyncExternalStore } from 'react'
import { feed, useLiveState, useResource } from '../../api/live.ts'
import { useSubject } from '../../api/session.ts'
import { unavailable } from './availability.ts'
import { createConsoleSession } from './connect.ts'
import type { ConsoleScreen } from './screen.ts'
import type { ConsolePhase, ConsoleSession } from './session.ts'

const idle: ConsolePhase = { name: 'idle' }

/** Keeps `screen` connected to the VM's console for as long as it is on the page. */
export function useConsole(
  vm: Vm,
  protocol: ConsoleProtocol,
  screen: ConsoleScreen | null,
): { phase: ConsolePhase; retryNow: () => void } {
  const [session, setSession] = useState<ConsoleSession<WebSocket> | null>(null)
  const reason = unavailable(vm, protocol)
  const { id } = vm

  const isSignedIn = useSubject() !== null
  const server = useLiveState().phase
  const isPoolLive = useResource('pool', vm.poolId)?.live ?? false

  const latestReason = useRef(reason)
  useEffect(() => {
    latestReason.current = reason
  })

  useEffect(() => {
    if (!screen) return
    const created = createConsoleSession(id, protocol, screen)
    // Started here and nowhere else, so that what this effect ends cannot be started again.
    created.setUnavailable(latestReason.current)
    created.start()
    // The session is made of what this effect connects; there is nothing to derive it from.
    // oxlint-disable-next-line react/set-state-in-effect
    setSession(created)
    const nudge = () => {
      if (!document.hidden) created.nudge()
    }
    window.addEventListener('online', nudge)
    document.addEventListener('visibilitychange', nudge)
    const stopListening = feed.onUnreachable(() => created.cut())
    return () => {
      stopListening()
      window.removeEventListener('online', nudge)
      document.removeEventListener('visibilitychange', nudge)
      created.stop()
      setSession(null)
    }
  }, [id, protocol, screen])

  useEffect(() => {
    session?.setUnavailable(reason)
  }, [session, reason])

  // What was waited for is back: the console does not sit out its delay.
  useEffect(() => {
    if (server === 'live' && isPoolLive) session?.nudge()
  }, [session, server, isPoolLive])

  // Who signs in again finds the console connected again.
  useEffect(() => {
    if (isSignedIn) session?.signedIn()
  }, [session, isSignedIn])

  const phase = useSyncExternalStore(
    session ? session.subscribe : never,
    () => session?.getPhase() ?? idle,
  )
  return { phase, retryNow: () => session?.retryNow() }
}

const never = () => () => {}
