/**
 * How busy the simulated machines are: a pure function of a VM's uuid and the time, so that every
 * graph, `top` and query agree and nothing has to be stored. A daily curve, slow and fast noise and
 * bursts, with a character of its own for every VM.
 */

/** A VM's load at a moment; all parts of its full use, 0 … 1. */
export interface VmLoad {
  readonly cpu: number
  readonly memory: number
  readonly network: number
  readonly disk: number
}

const DAY = 86_400
const MINUTE = 60

/** FNV-1a over the text, 32 bits. */
function hash(text: string): number {
  let value = 0x811c9dc5
  for (let index = 0; index < text.length; index++)
    value = Math.imul(value ^ text.charCodeAt(index), 0x01000193)
  return value >>> 0
}

/** A number 0 … 1 that belongs to a seed and an index. */
function random(seed: number, index: number): number {
  let value = (seed ^ Math.imul(index | 0, 0x9e3779b1)) >>> 0
  value = Math.imul(value ^ (value >>> 16), 0x85ebca6b)
  value = Math.imul(value ^ (value >>> 13), 0xc2b2ae35)
  return ((value ^ (value >>> 16)) >>> 0) / 2 ** 32
}

/** Noise 0 … 1 that changes smoothly over `period` seconds. */
function smooth(seed: number, time: number, period: number): number {
  const place = time / period
  const start = Math.floor(place)
  const weight = (1 - Math.cos((place - start) * Math.PI)) / 2
  return random(seed, start) * (1 - weight) + random(seed, start + 1) * weight
}

const clamp = (value: number): number => Math.min(0.99, Math.max(0.003, value))

const seeds = new Map<string, number>()
/** More VMs than any pool has: the cache starts anew rather than grow with VMs that are gone. */
const MAX_SEEDS = 50_000

function seedOf(uuid: string): number {
  let seed = seeds.get(uuid)
  if (seed === undefined) {
    if (seeds.size >= MAX_SEEDS) seeds.clear()
    seeds.set(uuid, (seed = hash(uuid)))
  }
  return seed
}

/** @param time seconds since 1970 */
export function vmLoad(uuid: string, time: number): VmLoad {
  const seed = seedOf(uuid)
  // Most machines are nearly idle, some are busy.
  const character = random(seed, -1) ** 3
  const base = 0.02 + 0.5 * character
  const offset = random(seed, -2) * 3 * 3600
  const office = (1 - Math.cos((((time + offset) % DAY) / DAY) * 2 * Math.PI)) / 2
  const slow = smooth(seed ^ 0x51, time, 20 * MINUTE)
  const fast = smooth(seed ^ 0x97, time, 15)
  const slot = Math.floor(time / (7 * MINUTE))
  const inSlot = (time / (7 * MINUTE) - slot) * Math.PI
  const burst = random(seed ^ 0x33, slot) > 0.93 ? Math.sin(inSlot) * random(seed ^ 0x35, slot) : 0
  const cpu = clamp(base * (0.35 + 0.8 * office) * (0.6 + 0.8 * slow) + 0.05 * fast + 0.5 * burst)
  const network = clamp(cpu * (0.3 + random(seed, -3)) * (0.5 + fast))
  const disk = clamp(0.5 * cpu + 0.3 * smooth(seed ^ 0x77, time, 40) ** 3)
  const memory = clamp(0.25 + 0.5 * random(seed, -4) + 0.08 * (slow - 0.5) + 0.05 * office)
  return { cpu, memory, network, disk }
}

/**
 * A machine's run queue as `uptime` shows it, averaged over 1, 5 and 15 minutes.
 * @param time seconds since 1970
 */
export function loadAverage(uuid: string, vcpus: number, time: number): [number, number, number] {
  const average = (minutes: number): number => {
    let sum = 0
    for (let step = 0; step < 6; step++)
      sum += vmLoad(uuid, time - (step * minutes * MINUTE) / 6).cpu
    return (sum / 6) * vcpus
  }
  return [average(1), average(5), average(15)]
}
