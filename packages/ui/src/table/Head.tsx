/* oxlint-disable jsx-a11y/prefer-tag-over-role -- a table element cannot be virtual: its rows are absolute boxes */
import { useEffect, useRef } from 'react'
import { classNames } from '../class-names.ts'
import { ArrowDownIcon, ArrowUpIcon } from '../icons.tsx'
import { useLabels } from '../labels.ts'
import type { Column, Sort } from './types.ts'

interface Props<Row> {
  columns: readonly Column<Row>[]
  sort: Sort | null
  onSortChange: ((sort: Sort) => void) | undefined
  isNarrow: boolean
  selectAll: { state: 'all' | 'some' | 'none'; toggle: () => void } | null
  height: number
}

/** Stays at the top while rows scroll. Narrow, only the select-all box is left of it. */
export function TableHead<Row>({
  columns,
  sort,
  onSortChange,
  isNarrow,
  selectAll,
  height,
}: Props<Row>) {
  const labels = useLabels()
  return (
    <div
      role="rowgroup"
      className={
        isNarrow && !selectAll
          ? 'sr-only'
          : 'sticky top-0 z-10 w-(--table-width) min-w-full bg-page'
      }
    >
      <div
        role="row"
        aria-rowindex={1}
        className={classNames(
          'grid items-center border-b border-hairline text-caption font-medium text-secondary',
          isNarrow ? 'grid-cols-[48px_minmax(0,1fr)]' : 'grid-cols-(--columns)',
        )}
        style={{ height }}
      >
        {selectAll && (
          <div
            role="columnheader"
            className="flex items-center pl-5 narrow:justify-center narrow:pl-0"
          >
            <SelectAll {...selectAll} label={labels.selectAll} />
          </div>
        )}
        {isNarrow ? (
          <div role="columnheader" className={selectAll ? undefined : 'col-span-2 pl-4'}>
            {selectAll ? labels.selectAll : columns[0]?.header}
          </div>
        ) : (
          columns.map((column) => {
            const direction = sort?.column === column.id ? sort.direction : undefined
            return (
              <div
                key={column.id}
                role="columnheader"
                aria-sort={column.isSortable ? (direction ?? 'none') : undefined}
                className={classNames(
                  'flex min-w-0 px-3 first:pl-5 last:pr-5',
                  column.align === 'end' && 'justify-end',
                )}
              >
                {column.isSortable && onSortChange ? (
                  <button
                    type="button"
                    title={labels.sortBy(column.header)}
                    onClick={() =>
                      onSortChange({
                        column: column.id,
                        direction: direction === 'ascending' ? 'descending' : 'ascending',
                      })
                    }
                    className={classNames(
                      '-mx-1 flex min-w-0 items-center gap-1 rounded-sm px-1 hover:text-primary',
                      column.align === 'end' && 'flex-row-reverse',
                      direction && 'text-primary',
                    )}
                  >
                    <span className="truncate">{column.header}</span>
                    {direction === 'ascending' && <ArrowUpIcon className="size-3" />}
                    {direction === 'descending' && <ArrowDownIcon className="size-3" />}
                  </button>
                ) : (
                  <span className="truncate">{column.header}</span>
                )}
              </div>
            )
          })
        )}
      </div>
    </div>
  )
}

function SelectAll({ state, toggle, label }: { state: string; toggle: () => void; label: string }) {
  const box = useRef<HTMLInputElement>(null)
  useEffect(() => {
    if (box.current) box.current.indeterminate = state === 'some'
  }, [state])
  return (
    <input
      ref={box}
      type="checkbox"
      aria-label={label}
      checked={state === 'all'}
      onChange={toggle}
      className="check-box"
    />
  )
}
