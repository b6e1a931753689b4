import {
  Button,
  DataTable,
  SelectionBar,
  State,
  StateIcon,
  Tree,
  type Column,
  type Sort,
  type TreeNode,
} from '@xendeck/ui'
import { useMemo, useState } from 'react'
import { Sample } from './Sample.tsx'

interface Row {
  id: string
  name: string
  isRunning: boolean
  memory: number
}

const rows: Row[] = Array.from({ length: 5000 }, (_, index) => ({
  id: String(index),
  name: `vm-${index + 1}`,
  isRunning: index % 5 !== 2,
  memory: 2 ** (index % 6),
}))

const columns: Column<Row>[] = [
  {
    id: 'name',
    header: 'Name',
    width: 140,
    isFlexible: true,
    isSortable: true,
    cell: (row) => row.name,
  },
  {
    id: 'state',
    header: 'State',
    width: 120,
    cell: (row) => (
      <State shape={row.isRunning ? 'running' : 'halted'}>
        {row.isRunning ? 'Running' : 'Halted'}
      </State>
    ),
  },
  {
    id: 'memory',
    header: 'Memory',
    width: 90,
    align: 'end',
    isSortable: true,
    cell: (row) => `${row.memory} GiB`,
  },
]

const idOf = (row: Row) => row.id
const nameOf = (row: Row) => row.name
const narrowOf = (row: Row) => ({ title: row.name, detail: `${row.memory} GiB` })

export function DataGallery({ theme }: { theme: string }) {
  const [selection, setSelection] = useState<ReadonlySet<string>>(new Set(['1', '2']))
  const [sort, setSort] = useState<Sort>({ column: 'name', direction: 'ascending' })
  const sorted = useMemo(() => {
    const sign = sort.direction === 'ascending' ? 1 : -1
    return rows.toSorted((a, b) =>
      sort.column === 'memory'
        ? sign * (a.memory - b.memory)
        : sign * (Number(a.id) - Number(b.id)),
    )
  }, [sort])
  return (
    <div className="space-y-6">
      <Sample name="DataTable with 5,000 rows, SelectionBar">
        <div className="relative flex h-80 w-full flex-col">
          <DataTable
            label={`Sample machines, ${theme}`}
            columns={columns}
            rows={sorted}
            getRowId={idOf}
            getRowLabel={nameOf}
            narrow={narrowOf}
            sort={sort}
            onSortChange={setSort}
            selection={selection}
            onSelectionChange={setSelection}
          />
          <SelectionBar
            label={`Selection, ${theme}`}
            summary={selection.size > 0 ? `${selection.size} selected` : null}
            onClear={() => setSelection(new Set())}
          >
            <Button>Shut down</Button>
            <Button disabledReason="Already running">Start</Button>
          </SelectionBar>
        </div>
      </Sample>
      <Sample name="DataTable, loading">
        <div className="flex h-32 w-full flex-col overflow-hidden">
          <DataTable
            label={`Loading, ${theme}`}
            columns={columns}
            rows={[]}
            getRowId={idOf}
            getRowLabel={nameOf}
            narrow={narrowOf}
            isLoading
          />
        </div>
      </Sample>
      <SampleTree theme={theme} />
    </div>
  )
}

function SampleTree({ theme }: { theme: string }) {
  const [isOpen, setOpen] = useState(true)
  const nodes: TreeNode[] = [
    {
      id: 'pool',
      level: 1,
      label: 'Frankfurt',
      href: 'ui',
      meta: '1 host',
      isExpanded: isOpen,
      positionInSet: 1,
      setSize: 2,
    },
    ...(isOpen
      ? [
          {
            id: 'host',
            level: 2,
            label: 'xs-fra-1',
            href: 'ui',
            meta: 2,
            isExpanded: true,
            positionInSet: 1,
            setSize: 1,
          },
          {
            id: 'vm1',
            level: 3,
            label: 'db-1',
            href: 'ui',
            icon: <StateIcon shape="running" />,
            positionInSet: 1,
            setSize: 2,
          },
          {
            id: 'vm2',
            level: 3,
            label: 'db-2',
            href: 'ui',
            icon: <StateIcon shape="halted" />,
            positionInSet: 2,
            setSize: 2,
          },
        ]
      : []),
    {
      id: 'lab',
      level: 1,
      label: 'Lab',
      href: 'ui',
      meta: 'unreachable',
      isFaint: true,
      positionInSet: 2,
      setSize: 2,
    },
  ]
  return (
    <Sample name="Tree">
      <div className="flex h-40 w-64 flex-col">
        <Tree
          label={`Sample tree, ${theme}`}
          nodes={nodes}
          currentId="vm1"
          onToggle={(id, open) => {
            if (id === 'pool') setOpen(open)
          }}
          onOpen={() => undefined}
        />
      </div>
    </Sample>
  )
}
