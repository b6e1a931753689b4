import { classNames, useIsNarrow } from '@xendeck/ui'
import type { ReactNode } from 'react'

export interface FactColumn<Row> {
  id: string
  header: string
  align?: 'end'
  /** Long names: cut off rather than wrapped. */
  isWide?: boolean
  /** Names the row where it is a list; else the wide one does. */
  isTitle?: boolean
  /** No wider than what is in it: positions. */
  isTight?: boolean
  cell: (row: Row) => ReactNode
}

interface Props<Row extends { id: string }> {
  label: string
  columns: readonly FactColumn<Row>[]
  rows: readonly Row[]
  /** Said in place of rows. */
  empty: ReactNode
}

/** The few disks, NICs or snapshots of one object: a plain table, all of it on the page. */
export function FactTable<Row extends { id: string }>({ label, columns, rows, empty }: Props<Row>) {
  const isNarrow = useIsNarrow()
  if (rows.length === 0) return <p className="text-muted">{empty}</p>
  if (isNarrow) return <FactList label={label} columns={columns} rows={rows} />
  return (
    <div className="-mx-2 overflow-x-auto">
      <table aria-label={label} className="w-full border-collapse">
        <thead>
          <tr className="border-b border-hairline">
            {columns.map((column) => (
              <th
                key={column.id}
                scope="col"
                className={classNames(
                  'px-2 py-1.5 text-caption font-medium whitespace-nowrap text-secondary',
                  column.align === 'end' ? 'text-right' : 'text-left',
                  column.isTight && 'w-px',
                )}
              >
                {column.header}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <tr key={row.id} className="border-b border-hairline last:border-b-0 hover:bg-hover">
              {columns.map((column) => (
                <td
                  key={column.id}
                  className={classNames(
                    'h-8.5 px-2 whitespace-nowrap',
                    column.align === 'end' ? 'text-right' : 'text-left',
                    column.isWide && 'max-w-80 min-w-32 truncate',
                  )}
                >
                  {column.cell(row)}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  )
}

/** The same where a table has no room: what it is on one line, what is known of it on the next. */
function FactList<Row extends { id: string }>({ label, columns, rows }: Omit<Props<Row>, 'empty'>) {
  const title =
    columns.find((column) => column.isTitle) ??
    columns.find((column) => column.isWide) ??
    columns[0]
  return (
    <ul aria-label={label}>
      {rows.map((row) => (
        <li key={row.id} className="border-b border-hairline py-2 last:border-b-0">
          <div className="truncate font-medium">{title?.cell(row)}</div>
          <dl className="mt-0.5 flex flex-wrap gap-x-4 text-caption">
            {columns
              .filter((column) => column !== title)
              .map((column) => (
                <div key={column.id} className="flex min-w-0 gap-1.5">
                  <dt className="text-muted">{column.header}</dt>
                  <dd className="min-w-0">{column.cell(row)}</dd>
                </div>
              ))}
          </dl>
        </li>
      ))}
    </ul>
  )
}
