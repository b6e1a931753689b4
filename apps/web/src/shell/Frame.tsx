import { Trans } from '@lingui/react/macro'
import { Outlet, useRouter } from '@tanstack/react-router'
import { NoticeRegion, useIsNarrow } from '@xendeck/ui'
import { useEffect } from 'react'
import { Drawer } from './Drawer.tsx'
import { Sidebar } from './Sidebar.tsx'
import { TopBar } from './TopBar.tsx'

/** Bar, tree and page, for who has signed in. */
export function Frame() {
  const isNarrow = useIsNarrow()
  useFocusOnNavigation()
  useFilterKey()
  return (
    <div className="flex h-full flex-col">
      <a
        href="#main"
        onClick={(event) => {
          // With a <base>, a fragment alone would be another address.
          event.preventDefault()
          document.getElementById('main')?.focus()
        }}
        className="absolute top-2 left-2 z-50 -translate-y-16 rounded-md bg-accent px-3 py-1.5 text-accent-on focus:translate-y-0"
      >
        <Trans>Skip to content</Trans>
      </a>
      <TopBar />
      <div className="flex min-h-0 flex-1">
        {isNarrow ? (
          <Drawer />
        ) : (
          <aside className="flex w-65 shrink-0 flex-col border-r border-hairline">
            <Sidebar />
          </aside>
        )}
        <main
          id="main"
          tabIndex={-1}
          className="relative flex min-w-0 flex-1 flex-col bg-page outline-none"
        >
          <Outlet />
        </main>
      </div>
      <NoticeRegion />
    </div>
  )
}

/** `/` leads to the filter of the page, where it has one and nothing is being typed. */
function useFilterKey(): void {
  useEffect(() => {
    const onKeyDown = (event: KeyboardEvent) => {
      if (event.key !== '/' || event.ctrlKey || event.metaKey || event.altKey) return
      const { target } = event
      if (!(target instanceof HTMLElement)) return
      if (target.isContentEditable || target.closest('input,textarea,[role=dialog],[role=menu]')) {
        return
      }
      const filter = document.querySelector<HTMLInputElement>('#main input[type=search]')
      if (!filter) return
      event.preventDefault()
      filter.focus()
      filter.select()
    }
    document.addEventListener('keydown', onKeyDown)
    return () => document.removeEventListener('keydown', onKeyDown)
  }, [])
}

/** A new page begins at its heading, for the keyboard and for screen readers; within a page focus stays. */
function useFocusOnNavigation(): void {
  const router = useRouter()
  useEffect(
    () =>
      router.subscribe('onRendered', ({ fromLocation, pathChanged }) => {
        if (!fromLocation || !pathChanged) return
        const active = document.activeElement
        const main = document.getElementById('main')
        if (active && active !== document.body && active !== main && main?.contains(active)) return
        if (active?.closest('[role=dialog]')) return
        document.getElementById('page-title')?.focus({ preventScroll: true })
      }),
    [router],
  )
}
