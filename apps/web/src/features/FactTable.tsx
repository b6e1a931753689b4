import { classNames } from '@xendeck/ui'
import type { ReactNode } from 'react'

export interface FactColumn<Row> {
  id: string
  header: string
  align?: 'end'
  /** Long names: cut off rather than wrapped. */
  isWide?: boolean
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
  if (rows.length === 0) return <p className="text-muted">{empty}</p>
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
                  'px-2 py-1.5 font-medium whitespace-nowrap text-muted',
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
