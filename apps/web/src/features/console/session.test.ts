import { closeCodes } from '@xendeck/contract'
import { beforeEach, describe, expect, test } from 'vitest'
import { ConsoleSession, retryDelay, type ConsoleSocket, type WaitReason } from './session.ts'

class FakeClock {
  time = 0
  #next = 1
  #timers = new Map<number, { at: number; run: () => void }>()
  now = () => this.time
  setTimeout = (run: () => void, milliseconds: number) => {
    this.#timers.set(this.#next, { at: this.time + milliseconds, run })
    return this.#next++
  }
  clearTimeout = (handle: number) => void this.#timers.delete(handle)
  get pending() {
    return this.#timers.size
  }
  async pass(milliseconds: number) {
    const end = this.time + milliseconds
    for (;;) {
      const due = [...this.#timers].filter(([, timer]) => timer.at <= end)
      const [first] = due.toSorted((a, b) => a[1].at - b[1].at)
      if (!first) break
      this.#timers.delete(first[0])
      this.time = first[1].at
      first[1].run()
      await settled()
    }
    this.time = end
  }
}

/** Lets promise callbacks that are due run. */
const settled = async () => {
  for (let turn = 0; turn < 5; turn += 1) await Promise.resolve()
}

class FakeSocket implements ConsoleSocket {
  closed = false
  detached = false
  ready = () => {}
  refused = () => {}
  #onClose: ((event: { code: number }) => void)[] = []
  readonly ticket: string
  constructor(ticket: string) {
    this.ticket = ticket
  }
  addEventListener(type: 'close' | 'open', listener: (event: { code: number }) => void) {
    if (type === 'close') this.#onClose.push(listener)
  }
  /** As a browser does: asking to close also ends in a close event, later. */
  close() {
    this.closed = true
  }
  endWith(code: number) {
    for (const listener of this.#onClose) listener({ code })
  }
}

class TicketError extends Error {
  readonly reason: WaitReason
  constructor(reason: WaitReason) {
    super(reason)
    this.reason = reason
  }
}

let clock: FakeClock
let sockets: FakeSocket[]
let ticketError: WaitReason | null
let tickets: number
let session: ConsoleSession<FakeSocket>
const last = () => {
  const socket = sockets.at(-1)
  if (!socket) throw new Error('no socket was opened')
  return socket
}

beforeEach(() => {
  clock = new FakeClock()
  sockets = []
  ticketError = null
  tickets = 0
  session = new ConsoleSession<FakeSocket>({
    clock,
    requestTicket: async () => {
      tickets += 1
      if (ticketError) throw new TicketError(ticketError)
      return `t${tickets}`
    },
    openSocket: (ticket) => {
      const socket = new FakeSocket(ticket)
      sockets.push(socket)
      return socket
    },
    attach: (socket, events) => {
      socket.ready = events.ready
      socket.refused = events.refused
      return () => {
        socket.detached = true
      }
    },
    classify: (error) => (error instanceof TicketError ? error.reason : 'network'),
  })
})

async function connected() {
  session.setUnavailable(null)
  session.start()
  await settled()
  last().ready()
}

describe('a console', () => {
  test('goes from ticket to connected', async () => {
    const seen: string[] = []
    session.subscribe(() => seen.push(session.getPhase().name))
    await connected()
    expect(seen).toEqual(['ticket', 'connecting', 'connected'])
    expect(last().ticket).toBe('t1')
  })

  test('of a halted VM asks for nothing, and connects when the VM starts', async () => {
    session.setUnavailable('halted')
    session.start()
    await clock.pass(60_000)
    expect(tickets).toBe(0)
    expect(session.getPhase()).toEqual({ name: 'unavailable', reason: 'halted' })
    session.setUnavailable('starting')
    expect(session.getPhase()).toEqual({ name: 'unavailable', reason: 'starting' })
    session.setUnavailable(null)
    await settled()
    expect(session.getPhase().name).toBe('connecting')
  })

  test('comes back after every kind of loss, later each time, without an end', async () => {
    await connected()
    const delays: number[] = []
    for (let loss = 0; loss < 8; loss += 1) {
      last().endWith(1006)
      const phase = session.getPhase()
      if (phase.name !== 'waiting' || phase.retryAt === null) throw new Error(phase.name)
      delays.push(phase.retryAt - clock.time)
      await clock.pass(phase.retryAt - clock.time)
      expect(session.getPhase().name).toBe('connecting')
    }
    expect(delays).toEqual([500, 1000, 2000, 4000, 8000, 10_000, 10_000, 10_000])
  })

  test('that held for 3 s starts again at the shortest delay', async () => {
    await connected()
    last().endWith(1006)
    await clock.pass(500)
    last().ready()
    last().endWith(1006)
    await clock.pass(1000)
    last().ready()
    await clock.pass(3000)
    last().endWith(1006)
    expect(session.getPhase()).toEqual({
      name: 'waiting',
      reason: 'network',
      retryAt: clock.time + 500,
    })
  })

  test('follows a migrated VM at once, but not in a tight loop', async () => {
    await connected()
    last().endWith(closeCodes.VM_MIGRATED)
    expect(session.getPhase()).toEqual({ name: 'waiting', reason: 'migrated', retryAt: clock.time })
    await clock.pass(0)
    expect(tickets).toBe(2)
    last().endWith(closeCodes.VM_MIGRATED)
    expect(session.getPhase()).toEqual({
      name: 'waiting',
      reason: 'migrated',
      retryAt: clock.time + 1000,
    })
  })

  test.each([
    [closeCodes.GOING_AWAY, 'serverRestarting'],
    [closeCodes.VM_STOPPED, 'vmStopped'],
    [closeCodes.POOL_SESSION_LOST, 'poolSessionLost'],
    [closeCodes.LIMIT_REACHED, 'limitReached'],
    [closeCodes.CONSOLE_LOST, 'consoleLost'],
    [closeCodes.POOL_UNREACHABLE, 'poolUnreachable'],
    [closeCodes.TIMED_OUT, 'idle'],
    [closeCodes.NOT_FOUND, 'consoleLost'],
    [1006, 'network'],
  ])('closed with %d waits because of %s and tries again', async (code, reason) => {
    await connected()
    last().endWith(code)
    expect(session.getPhase()).toMatchObject({ name: 'waiting', reason })
    await clock.pass(500)
    expect(sockets).toHaveLength(2)
  })

  test.each([
    [closeCodes.FORBIDDEN, 'forbidden'],
    [closeCodes.SESSION_ENDED, 'signedOut'],
  ])('closed with %d does not try by itself', async (code, reason) => {
    await connected()
    last().endWith(code)
    expect(session.getPhase()).toEqual({ name: 'waiting', reason, retryAt: null })
    session.nudge()
    await clock.pass(60_000)
    expect(sockets).toHaveLength(1)
    session.retryNow()
    await settled()
    expect(sockets).toHaveLength(2)
  })

  test('that is refused at the security handshake says so', async () => {
    session.setUnavailable(null)
    session.start()
    await settled()
    last().refused()
    expect(session.getPhase()).toEqual({ name: 'waiting', reason: 'security', retryAt: null })
    expect(last().closed).toBe(true)
  })

  test('without a ticket waits for the reason of the refusal', async () => {
    ticketError = 'limitReached'
    session.setUnavailable(null)
    session.start()
    await settled()
    expect(session.getPhase()).toMatchObject({ name: 'waiting', reason: 'limitReached' })
    ticketError = null
    await clock.pass(500)
    expect(session.getPhase().name).toBe('connecting')
  })

  test('comes back when the server learns of the VM after a restart', async () => {
    ticketError = 'notKnownYet'
    session.setUnavailable(null)
    session.start()
    await settled()
    expect(session.getPhase()).toMatchObject({
      name: 'waiting',
      reason: 'notKnownYet',
      retryAt: 500,
    })
    ticketError = null
    await clock.pass(500)
    expect(session.getPhase().name).toBe('connecting')
  })

  test('whose host accepts and stays silent is given up', async () => {
    session.setUnavailable(null)
    session.start()
    await settled()
    await clock.pass(15_000)
    expect(session.getPhase()).toMatchObject({ name: 'waiting', reason: 'noAnswer' })
    expect(sockets[0]?.closed).toBe(true)
    expect(sockets[0]?.detached).toBe(true)
  })

  test('ends with its VM, and the late close of its socket changes nothing', async () => {
    await connected()
    const socket = last()
    session.setUnavailable('halted')
    expect(socket.closed).toBe(true)
    expect(socket.detached).toBe(true)
    socket.endWith(closeCodes.VM_STOPPED)
    socket.ready()
    expect(session.getPhase()).toEqual({ name: 'unavailable', reason: 'halted' })
    expect(clock.pending).toBe(0)
  })

  test('keeps its screen while the VM moves or is paused', async () => {
    await connected()
    session.setUnavailable('migrating')
    session.setUnavailable('paused')
    expect(session.getPhase().name).toBe('connected')
    last().endWith(closeCodes.CONSOLE_LOST)
    expect(session.getPhase()).toEqual({ name: 'unavailable', reason: 'paused' })
  })

  test('that was left drops a ticket which arrives late', async () => {
    session.setUnavailable(null)
    session.start()
    session.stop()
    await settled()
    expect(sockets).toHaveLength(0)
    expect(session.getPhase()).toEqual({ name: 'idle' })
    expect(clock.pending).toBe(0)
  })

  test('whose session ended connects when somebody signs in again, and not before', async () => {
    await connected()
    last().endWith(closeCodes.SESSION_ENDED)
    session.nudge()
    await clock.pass(60_000)
    expect(session.getPhase()).toEqual({ name: 'waiting', reason: 'signedOut', retryAt: null })
    session.signedIn()
    await settled()
    expect(session.getPhase().name).toBe('connecting')
  })

  test('whose line is dead says so without waiting for a close that may never come', async () => {
    await connected()
    const dead = last()
    session.cut()
    expect(session.getPhase()).toMatchObject({ name: 'waiting', reason: 'network' })
    expect(dead).toMatchObject({ detached: true, closed: true })
    dead.endWith(1006)
    await clock.pass(500)
    expect(session.getPhase().name).toBe('connecting')
    expect(sockets).toHaveLength(2)
  })

  test('that waits or has nothing to connect to is not cut', () => {
    session.setUnavailable('halted')
    session.start()
    session.cut()
    expect(session.getPhase()).toEqual({ name: 'unavailable', reason: 'halted' })
  })

  test('tries at once when the network is back', async () => {
    await connected()
    for (let loss = 0; loss < 4; loss += 1) {
      last().endWith(1006)
      if (loss < 3) await clock.pass(10_000)
    }
    session.nudge()
    await settled()
    expect(session.getPhase().name).toBe('connecting')
    expect(clock.pending).toBe(1)
  })
})

test('retryDelay grows to 10 s', () => {
  expect([1, 2, 5, 6, 50].map(retryDelay)).toEqual([500, 1000, 8000, 10_000, 10_000])
})
