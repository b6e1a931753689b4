import { defaultRangeExtractor, useVirtualizer, type Range } from '@tanstack/react-virtual'
import { useCallback, useLayoutEffect, useMemo, useRef, useState } from 'react'

interface Options {
  ids: readonly string[]
  rowHeight: number
  /** Pixels at the top that are covered by a sticky header. */
  headHeight?: number
  /** Pixels to leave free at the end. */
  footSpace?: number
}

/**
 * A virtual list with one place for the keyboard (roving tabindex). The place belongs to an id, not to a position:
 * rows may be sorted anew, come and go under it. The focused row stays rendered while it is out of sight.
 */
export function useVirtualFocus({ ids, rowHeight, headHeight = 0, footSpace = 0 }: Options) {
  const scroller = useRef<HTMLDivElement>(null)
  const [focusedId, setFocusedId] = useState<string | null>(null)
  const indexById = useMemo(() => new Map(ids.map((id, index) => [id, index])), [ids])
  const lastIndex = useRef(0)
  const known = focusedId === null ? undefined : indexById.get(focusedId)
  if (known !== undefined) lastIndex.current = known
  // When the focused row goes, the one that takes its place is next.
  const focusedIndex = known ?? Math.min(lastIndex.current, ids.length - 1)

  const rangeExtractor = useCallback(
    (range: Range) => {
      const indexes = defaultRangeExtractor(range)
      if (focusedIndex < 0 || indexes.includes(focusedIndex)) return indexes
      return [...indexes, focusedIndex].toSorted((a, b) => a - b)
    },
    [focusedIndex],
  )
  // The React Compiler cannot memoise what a virtualizer gives; nothing here is compiled by it.
  // oxlint-disable-next-line react/incompatible-library
  const virtualizer = useVirtualizer({
    count: ids.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => rowHeight,
    getItemKey: (index) => ids[index] ?? index,
    overscan: 10,
    rangeExtractor,
    scrollPaddingStart: headHeight,
    paddingEnd: footSpace,
  })
  // Rows change their height with the screen's width.
  useLayoutEffect(() => virtualizer.measure(), [virtualizer, rowHeight])

  /** Whether the keyboard is in the list: then it must not be lost when React moves or removes an element. */
  const hasFocus = useRef(false)
  useLayoutEffect(() => {
    if (!hasFocus.current) return
    const active = document.activeElement
    if (active !== document.body && active !== null && !isRow(active)) return
    const row = rowElement(scroller.current, ids[focusedIndex])
    if (row && row !== active) row.focus({ preventScroll: true })
  })

  const moveTo = useCallback(
    (index: number) => {
      const clamped = Math.max(0, Math.min(ids.length - 1, index))
      const id = ids[clamped]
      if (id === undefined) return
      hasFocus.current = true
      setFocusedId(id)
      virtualizer.scrollToIndex(clamped, { align: 'auto' })
    },
    [ids, virtualizer],
  )

  return {
    scroller,
    virtualizer,
    focusedIndex,
    focusedId: ids[focusedIndex] ?? null,
    setFocusedId,
    moveTo,
    /** For the scrolling element. */
    focusHandlers: {
      onFocus: () => {
        hasFocus.current = true
      },
      onBlur: (event: { relatedTarget: EventTarget | null; currentTarget: Element }) => {
        // An element that was removed blurs to nowhere; that is not leaving.
        if (event.relatedTarget instanceof Node) {
          hasFocus.current = event.currentTarget.contains(event.relatedTarget)
        } else {
          const { currentTarget } = event
          requestAnimationFrame(() => {
            const active = document.activeElement
            if (active === document.body || !currentTarget.contains(active))
              hasFocus.current = false
          })
        }
      },
    },
    pageLength: () =>
      Math.max(1, Math.floor(((scroller.current?.clientHeight ?? 0) - headHeight) / rowHeight) - 1),
  }
}

function isRow(element: Element): boolean {
  return element instanceof HTMLElement && element.dataset.rowId !== undefined
}

function rowElement(root: HTMLElement | null, id: string | undefined): HTMLElement | null {
  if (!root || id === undefined) return null
  return root.querySelector<HTMLElement>(`[data-row-id="${CSS.escape(id)}"]`)
}
