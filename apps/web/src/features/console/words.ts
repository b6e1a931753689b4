import type { MessageDescriptor } from '@lingui/core'
import { msg } from '@lingui/core/macro'
import type { StateShape } from '@xendeck/ui'
import type { Unavailable } from './availability.ts'
import type { ConsolePhase, WaitReason } from './session.ts'

interface Words {
  shape: StateShape
  /** In the toolbar, and announced. */
  title: MessageDescriptor
  /** Over the screen: what it means and what happens next. */
  detail?: MessageDescriptor
}

const unavailableWords: Record<Unavailable, Words> = {
  halted: {
    shape: 'halted',
    title: msg`The VM is halted`,
    detail: msg`Its console appears here when it starts.`,
  },
  suspended: {
    shape: 'paused',
    title: msg`The VM is suspended`,
    detail: msg`Its console appears here when it is resumed.`,
  },
  paused: {
    shape: 'paused',
    title: msg`The VM is paused`,
    detail: msg`Its console appears here when it runs on.`,
  },
  starting: { shape: 'moving', title: msg`The VM is starting` },
  resuming: { shape: 'moving', title: msg`The VM is resuming` },
  restarting: { shape: 'moving', title: msg`The VM is restarting` },
  migrating: {
    shape: 'moving',
    title: msg`The VM is moving to another host`,
    detail: msg`The console reconnects as soon as it is there.`,
  },
  notOffered: {
    shape: 'unknown',
    title: msg`The VM offers no such console now`,
    detail: msg`It may still be booting. The console appears here when the pool offers it.`,
  },
}

const waitWords: Record<WaitReason, Words> = {
  network: {
    shape: 'attention',
    title: msg`Connection lost`,
    detail: msg`The XenDeck server cannot be reached.`,
  },
  serverRestarting: {
    shape: 'attention',
    title: msg`The XenDeck server is restarting`,
  },
  vmStopped: {
    shape: 'attention',
    title: msg`The console closed`,
    detail: msg`The VM stopped or is restarting.`,
  },
  migrated: { shape: 'moving', title: msg`The VM moved to another host` },
  poolSessionLost: {
    shape: 'attention',
    title: msg`The pool ended the session`,
    detail: msg`XenDeck signs in to the pool again by itself.`,
  },
  poolUnreachable: {
    shape: 'attention',
    title: msg`The pool cannot be reached`,
    detail: msg`The VM may be running all the same.`,
  },
  limitReached: {
    shape: 'attention',
    title: msg`Too many consoles are open`,
    detail: msg`The pool or XenDeck allows no more at the same time. Close another one.`,
  },
  consoleLost: {
    shape: 'attention',
    title: msg`The host closed the console`,
  },
  idle: { shape: 'attention', title: msg`The connection went quiet` },
  noAnswer: {
    shape: 'attention',
    title: msg`The console does not answer`,
    detail: msg`The host accepted the connection and sent nothing.`,
  },
  security: {
    shape: 'failed',
    title: msg`The console asks for a password`,
    detail: msg`It was given a password of its own, which XenDeck does not know.`,
  },
  forbidden: {
    shape: 'failed',
    title: msg`Your role does not allow consoles`,
  },
  signedOut: { shape: 'failed', title: msg`You are signed out` },
  notKnownYet: {
    shape: 'attention',
    title: msg`The server is still learning about this VM`,
    detail: msg`It has probably just started, or the pool has just been connected.`,
  },
}

const plain: Record<'idle' | 'ticket' | 'connecting' | 'connected', Words> = {
  idle: { shape: 'unknown', title: msg`Not connected` },
  ticket: { shape: 'moving', title: msg`Connecting` },
  connecting: { shape: 'moving', title: msg`Connecting` },
  connected: { shape: 'running', title: msg`Connected` },
}

export function wordsOf(phase: ConsolePhase): Words {
  if (phase.name === 'unavailable') return unavailableWords[phase.reason]
  if (phase.name === 'waiting') return waitWords[phase.reason]
  return plain[phase.name]
}
