import type { ReactNode } from 'react'

export interface Column<Row> {
  id: string
  header: string
  /** Pixels. The one column that is flexible has at least this and takes what is left. */
  width: number
  isFlexible?: boolean
  /** Numbers: `end`. */
  align?: 'start' | 'end'
  isSortable?: boolean
  /** Links and buttons in cells get `tabIndex={-1}`: the row is the tab stop and Enter opens it. */
  cell: (row: Row) => ReactNode
}

export interface Sort {
  column: string
  direction: 'ascending' | 'descending'
}

/** A row where there is no room for columns. */
export interface NarrowRow {
  title: ReactNode
  /** At the right of the first line: a state. */
  aside?: ReactNode
  /** The second line. */
  detail?: ReactNode
}

export interface DataTableProps<Row> {
  /** What the rows are: "Virtual machines". */
  label: string
  /** Stable identity: of the module, or memoised. */
  columns: readonly Column<Row>[]
  /** In the order to be shown. An unchanged row is the same object as before. */
  rows: readonly Row[]
  getRowId: (row: Row) => string
  /** Names a row: for its checkbox. */
  getRowLabel: (row: Row) => string
  narrow: (row: Row) => NarrowRow
  sort?: Sort | null
  onSortChange?: (sort: Sort) => void
  /** With it, rows have checkboxes. Ids of rows that are filtered out may be in it. */
  selection?: ReadonlySet<string>
  onSelectionChange?: (selection: ReadonlySet<string>) => void
  /** Enter or double click on a row. */
  onOpen?: (row: Row) => void
  /** Shown instead of rows. */
  empty?: ReactNode
  /** Nothing has arrived yet: rows of the true height keep the place. */
  isLoading?: boolean
}
