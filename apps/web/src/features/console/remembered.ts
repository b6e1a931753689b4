import type { ConsoleProtocol } from '@xendeck/contract'
import { readStorage, writeStorage } from '../../lib/storage.ts'
import type { Scaling } from './rfb-screen.ts'

/** What a person chose once holds for all consoles. */
export function rememberedProtocol(): ConsoleProtocol | null {
  const stored = readStorage('xendeck.console.protocol')
  return stored === 'rfb' || stored === 'vt100' ? stored : null
}
export function rememberProtocol(protocol: ConsoleProtocol): void {
  writeStorage('xendeck.console.protocol', protocol)
}

export function rememberedScaling(): Scaling {
  return readStorage('xendeck.console.scaling') === 'actual' ? 'actual' : 'fit'
}
export function rememberScaling(scaling: Scaling): void {
  writeStorage('xendeck.console.scaling', scaling)
}
