/* oxlint-disable jsx-a11y/prefer-tag-over-role -- a table element cannot be virtual: its rows are absolute boxes */
import {
  useCallback,
  useEffect,
  useMemo,
  useRef,
  type CSSProperties,
  type KeyboardEvent,
  type MouseEvent,
} from 'react'
import { useLabels } from '../labels.ts'
import { useIsNarrow } from '../use-media-query.ts'
import { useVirtualFocus } from '../use-virtual-focus.ts'
import { TableHead } from './Head.tsx'
import { TableRow, type RowActions } from './Row.tsx'
import { withAll, withRange, withToggled } from './selection.ts'
import type { DataTableProps } from './types.ts'

const rowHeight = 33
const narrowRowHeight = 53
const headHeight = 33
/** Room for the selection bar below the last row. */
const selectionFoot = 72
const noSelection: ReadonlySet<string> = new Set()

/**
 * A virtual grid of live rows. Its place is a flex column that gives it a height; it scrolls by itself. Keys: arrows
 * or j k, Page Up and Down, Home, End; Space or x selects, with Shift a range, Ctrl-A all, Escape none; Enter opens.
 */
export function DataTable<Row>(props: DataTableProps<Row>) {
  const { columns, rows, getRowId, getRowLabel, sort, selection, empty, isLoading = false } = props
  const labels = useLabels()
  const isNarrow = useIsNarrow()
  const height = isNarrow ? narrowRowHeight : rowHeight
  const isSelectable = selection !== undefined
  const selected = selection ?? noSelection
  const ids = useMemo(() => rows.map(getRowId), [rows, getRowId])
  const { scroller, focusHandlers, ...list } = useVirtualFocus({
    ids,
    rowHeight: height,
    headHeight: isNarrow && !isSelectable ? 0 : headHeight,
    footSpace: selected.size > 0 ? selectionFoot : 0,
  })

  // Handlers read what is current from here, so that rows are drawn anew only when they themselves change.
  const current = useRef({ props, ids, selected, list })
  useEffect(() => {
    current.current = { props, ids, selected, list }
  })
  const anchor = useRef<string | null>(null)

  const actions = useMemo<RowActions>(() => {
    const toggle = (id: string, withShift: boolean) => {
      const now = current.current
      now.list.setFocusedId(id)
      const next = withShift
        ? withRange(now.selected, now.ids, anchor.current, now.ids.indexOf(id))
        : withToggled(now.selected, id)
      if (!withShift) anchor.current = id
      now.props.onSelectionChange?.(next)
    }
    return {
      toggle,
      open: (id) => {
        const now = current.current
        const row = now.props.rows[now.ids.indexOf(id)]
        if (row !== undefined) now.props.onOpen?.(row)
      },
      click: (id: string, event: MouseEvent) => {
        const now = current.current
        if (event.target instanceof Element && event.target.closest('a,button,label')) return
        now.list.setFocusedId(id)
        const hasModifier = event.shiftKey || event.ctrlKey || event.metaKey
        if (hasModifier && now.props.onSelectionChange) toggle(id, event.shiftKey)
      },
    }
  }, [])

  const onKeyDown = useCallback(
    (event: KeyboardEvent<HTMLElement>) => {
      const now = current.current
      const isOnRow =
        event.target instanceof HTMLElement && event.target.dataset.rowId !== undefined
      if (!isOnRow) return
      if (handleKey(event, now, anchor, actions)) {
        event.preventDefault()
        event.stopPropagation()
      }
    },
    [actions],
  )

  const template = columns
    .map(({ width, isFlexible }) => (isFlexible ? `minmax(${width}px,1fr)` : `${width}px`))
    .join(' ')
  const leastWidth = columns.reduce((sum, { width }) => sum + width, isSelectable ? 40 : 0)
  const style = {
    '--columns': isSelectable ? `40px ${template}` : template,
    // Said rather than left to the content: one long name must not widen its own row.
    '--table-width': isNarrow ? '100%' : `max(100%, ${leastWidth}px)`,
  } as CSSProperties

  const rowCount = isLoading ? -1 : rows.length + 1
  return (
    <div
      ref={scroller}
      role="grid"
      tabIndex={-1}
      aria-label={props.label}
      aria-rowcount={rowCount}
      aria-colcount={isNarrow ? undefined : columns.length + (isSelectable ? 1 : 0)}
      aria-multiselectable={isSelectable || undefined}
      aria-busy={isLoading || undefined}
      onKeyDown={onKeyDown}
      {...focusHandlers}
      className="relative min-h-0 flex-1 overflow-auto outline-none overscroll-contain"
      style={style}
    >
      <TableHead
        columns={columns}
        sort={sort ?? null}
        onSortChange={props.onSortChange}
        isNarrow={isNarrow}
        selectAll={
          isSelectable
            ? {
                state:
                  ids.length > 0 && ids.every((id) => selected.has(id))
                    ? 'all'
                    : someOf(ids, selected),
                toggle: () => props.onSelectionChange?.(withAll(selected, ids)),
              }
            : null
        }
        height={headHeight}
      />
      {isLoading ? (
        <SkeletonRows height={height} />
      ) : rows.length === 0 ? (
        <div className="px-5 py-12">{empty}</div>
      ) : (
        <div
          role="rowgroup"
          className="relative min-w-full"
          style={{ height: list.virtualizer.getTotalSize() }}
        >
          {list.virtualizer.getVirtualItems().map(({ index, start }) => {
            const row = rows[index]
            const id = ids[index]
            if (row === undefined || id === undefined) return null
            return (
              <TableRow
                key={id}
                row={row}
                id={id}
                label={getRowLabel(row)}
                index={index}
                top={start}
                height={height}
                columns={columns}
                narrow={isNarrow ? props.narrow : null}
                isSelected={selected.has(id)}
                isSelectable={isSelectable}
                isTabStop={index === list.focusedIndex}
                selectWord={labels.selectRow}
                actions={actions}
              />
            )
          })}
        </div>
      )}
    </div>
  )
}

interface Current<Row> {
  props: DataTableProps<Row>
  ids: readonly string[]
  selected: ReadonlySet<string>
  list: Omit<ReturnType<typeof useVirtualFocus>, 'scroller' | 'focusHandlers'>
}

/** @returns whether the key meant something. */
function handleKey<Row>(
  event: KeyboardEvent,
  { props, ids, selected, list }: Current<Row>,
  anchor: { current: string | null },
  actions: RowActions,
): boolean {
  const id = list.focusedId
  if (id === null || event.altKey) return false
  const change = props.onSelectionChange
  if (event.ctrlKey || event.metaKey) {
    if (event.key !== 'a' || !change) return false
    change(withAll(new Set(), ids))
    return true
  }
  const target = targetOf(event.key, list.focusedIndex, ids.length, list.pageLength())
  if (target !== null) {
    if (event.shiftKey && change) {
      if (anchor.current === null || !selected.has(anchor.current)) {
        anchor.current = id
        change(withRange(new Set([...selected, id]), ids, id, target))
      } else {
        change(withRange(selected, ids, anchor.current, target))
      }
    }
    list.moveTo(target)
    return true
  }
  switch (event.key) {
    case ' ':
    case 'x':
    case 'X':
      if (!change) return false
      actions.toggle(id, event.shiftKey)
      return true
    case 'Enter':
      actions.open(id)
      return true
    case 'Escape':
      if (!change || selected.size === 0) return false
      change(new Set())
      return true
    default:
      return false
  }
}

function targetOf(key: string, index: number, count: number, page: number): number | null {
  switch (key) {
    case 'ArrowDown':
    case 'j':
      return Math.min(count - 1, index + 1)
    case 'ArrowUp':
    case 'k':
      return Math.max(0, index - 1)
    case 'PageDown':
      return Math.min(count - 1, index + page)
    case 'PageUp':
      return Math.max(0, index - page)
    case 'Home':
      return 0
    case 'End':
      return count - 1
    default:
      return null
  }
}

function someOf(ids: readonly string[], selected: ReadonlySet<string>): 'some' | 'none' {
  return selected.size > 0 && ids.some((id) => selected.has(id)) ? 'some' : 'none'
}

function SkeletonRows({ height }: { height: number }) {
  return (
    <div aria-hidden="true">
      {Array.from({ length: 20 }, (_, index) => (
        <div
          key={index}
          className="flex items-center border-b border-hairline px-11"
          style={{ height }}
        >
          <span
            className="h-2 rounded-full bg-pressed"
            style={{ width: `${18 + ((index * 7) % 13) * 2}%` }}
          />
        </div>
      ))}
    </div>
  )
}
