import { create } from 'zustand'
import { readStorage, writeStorage } from '../lib/storage.ts'

export type Theme = 'auto' | 'light' | 'dark'

const themeKey = 'xendeck.theme'
const treeKey = 'xendeck.tree'

interface ShellState {
  theme: Theme
  /** Tree nodes that a person has opened or closed; others are as they come. */
  unfolded: Readonly<Record<string, boolean>>
  /** The tree over the page, on narrow screens. */
  isDrawerOpen: boolean
  /** When the notices were last looked at, in milliseconds since 1970. */
  noticesReadAt: number
}

export const useShell = create<ShellState>(() => ({
  theme: readTheme(),
  unfolded: readTree(),
  isDrawerOpen: false,
  noticesReadAt: 0,
}))

/** public/theme.js does the same before the first paint. */
export function chooseTheme(theme: Theme): void {
  if (theme === 'auto') delete document.documentElement.dataset.theme
  else document.documentElement.dataset.theme = theme
  writeStorage(themeKey, theme === 'auto' ? null : theme)
  useShell.setState({ theme })
}

export function unfold(changes: Readonly<Record<string, boolean>>): void {
  const unfolded = { ...useShell.getState().unfolded, ...changes }
  writeStorage(treeKey, JSON.stringify(unfolded))
  useShell.setState({ unfolded })
}

export function setDrawer(isDrawerOpen: boolean): void {
  useShell.setState({ isDrawerOpen })
}

export function markNoticesRead(): void {
  useShell.setState({ noticesReadAt: Date.now() })
}

function readTheme(): Theme {
  const stored = readStorage(themeKey)
  return stored === 'light' || stored === 'dark' ? stored : 'auto'
}

function readTree(): Record<string, boolean> {
  const tree: Record<string, boolean> = {}
  try {
    const stored: unknown = JSON.parse(readStorage(treeKey) ?? '{}')
    if (typeof stored !== 'object' || stored === null) return tree
    for (const [id, isOpen] of Object.entries(stored)) {
      if (typeof isOpen === 'boolean') tree[id] = isOpen
    }
  } catch {
    // Not ours, or of another version: the tree then starts as it comes.
  }
  return tree
}
