/** What the simulator does beyond generic messages. */
import type { Behaviour } from './rpc/registry.ts'
import { vmBehaviour } from './vm/index.ts'

export interface BehaviourOptions {
  /** VM uuid → address of a real VNC server. */
  readonly consoles?: ReadonlyMap<string, string>
}

export function defaultBehaviours(_options: BehaviourOptions): Behaviour[] {
  return [vmBehaviour]
}
