import { useEffect } from 'react'

/** Names the tab after the page; the product's name comes last, where tabs are cut off. */
export function usePageTitle(title: string): void {
  useEffect(() => {
    document.title = title === '' ? 'XenDeck' : `${title} · XenDeck`
  }, [title])
}
