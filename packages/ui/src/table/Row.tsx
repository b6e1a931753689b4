/* oxlint-disable jsx-a11y/prefer-tag-over-role -- a table element cannot be virtual: its rows are absolute boxes */
import { memo, type MouseEvent, type ReactNode } from 'react'
import { classNames } from '../class-names.ts'
import type { Column, NarrowRow } from './types.ts'

export interface RowActions {
  toggle: (id: string, withShift: boolean) => void
  click: (id: string, event: MouseEvent) => void
  open: (id: string) => void
}

interface RowProps<Row> {
  row: Row
  id: string
  label: string
  index: number
  top: number
  height: number
  columns: readonly Column<Row>[]
  narrow: ((row: Row) => NarrowRow) | null
  isSelected: boolean
  isSelectable: boolean
  isTabStop: boolean
  selectWord: string
  actions: RowActions
}

function RowView<Row>(props: RowProps<Row>) {
  const { row, id, index, columns, isSelected, isSelectable, isTabStop, narrow, actions } = props
  return (
    // The grid listens to the keyboard for all of its rows.
    // oxlint-disable-next-line jsx-a11y/click-events-have-key-events
    <div
      role="row"
      data-row-id={id}
      aria-rowindex={index + 2}
      aria-selected={isSelectable ? isSelected : undefined}
      tabIndex={isTabStop ? 0 : -1}
      onClick={(event) => actions.click(id, event)}
      onDoubleClick={() => actions.open(id)}
      className={classNames(
        'absolute top-0 left-0 grid min-w-full items-center border-b border-hairline -outline-offset-2',
        narrow
          ? isSelectable
            ? 'w-full grid-cols-[48px_minmax(0,1fr)]'
            : 'w-full grid-cols-[minmax(0,1fr)] pl-4'
          : 'w-(--table-width) grid-cols-(--columns)',
        isSelected ? 'bg-accent-soft' : 'hover:bg-hover',
      )}
      style={{ height: props.height, transform: `translateY(${props.top}px)` }}
    >
      {isSelectable && (
        <div role="gridcell" className="h-full">
          <label className="flex h-full items-center pl-5 narrow:justify-center narrow:pl-0">
            <input
              type="checkbox"
              tabIndex={-1}
              checked={isSelected}
              aria-label={`${props.selectWord} ${props.label}`}
              onChange={noop}
              onClick={(event) => {
                event.stopPropagation()
                actions.toggle(id, event.shiftKey)
              }}
              className="check-box"
            />
          </label>
        </div>
      )}
      {narrow ? (
        <div role="gridcell" className="min-w-0 pr-4">
          <NarrowCell {...narrow(row)} />
        </div>
      ) : (
        columns.map((column) => (
          <div
            key={column.id}
            role="gridcell"
            className={classNames(
              'flex min-w-0 items-center px-3 first:pl-5 last:pr-5',
              column.align === 'end' && 'justify-end text-right',
            )}
          >
            <Cell>{column.cell(row)}</Cell>
          </div>
        ))
      )}
    </div>
  )
}

function Cell({ children }: { children: ReactNode }) {
  return (
    <div className="min-w-0 truncate" onMouseEnter={nameIfCut}>
      {children}
    </div>
  )
}

/** What is cut off can be read by pointing at it. */
function nameIfCut({ currentTarget: cell }: MouseEvent<HTMLElement>): void {
  cell.title = cell.scrollWidth > cell.clientWidth ? cell.innerText : ''
}

function NarrowCell({ title, aside, detail }: NarrowRow) {
  return (
    <>
      <div className="flex items-center justify-between gap-3">
        <div className="min-w-0 truncate font-medium">{title}</div>
        {aside && <div className="shrink-0">{aside}</div>}
      </div>
      <div className="truncate text-caption text-muted">{detail}</div>
    </>
  )
}

// A controlled checkbox wants a handler; the click carries the shift key, the change does not.
function noop(): void {}

/** `memo` forgets type parameters; the cast gives them back. */
export const TableRow = memo(RowView) as typeof RowView
