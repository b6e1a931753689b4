import { Trans, useLingui } from '@lingui/react/macro'
import { useNavigate } from '@tanstack/react-router'
import type { Kind, Resource } from '@xendeck/contract'
import {
  Button,
  DataTable,
  EmptyState,
  SearchField,
  type Column,
  type NarrowRow,
} from '@xendeck/ui'
import { useMemo, type ReactNode } from 'react'
import { useIsLoaded } from '../api/live.ts'
import { formatNumber } from '../lib/bytes.ts'
import { matches } from '../lib/filter.ts'
import { Page } from '../shell/Page.tsx'
import { PageHeader } from '../shell/PageHeader.tsx'
import { sortOf, sortRows, sortText, type SortValues } from './list-sort.ts'
import { useListSearch, type ListPath } from './use-list-search.ts'

interface Props<K extends Kind> {
  kind: K
  path: ListPath
  search: { q?: string; sort?: string }
  title: string
  /** All there are to show before the filter. */
  rows: readonly Resource<K>[]
  columns: readonly Column<Resource<K>>[]
  /** Stable: of the module, or memoised. */
  values: SortValues<Resource<K>>
  /** What the filter looks at. */
  fields: (row: Resource<K>) => readonly (string | null | undefined)[]
  narrow: (row: Resource<K>) => NarrowRow
  placeholder: string
  /** Beside the title, when nothing is filtered: "3, 2 running". */
  summary?: ReactNode
  /** Switches beside the filter. */
  tools?: ReactNode
  actions?: ReactNode
  empty: { title: string; text?: string; action?: ReactNode }
  onOpen?: (row: Resource<K>) => void
  /** Dialogs of the page. */
  children?: ReactNode
}

const idOf = (row: { id: string }) => row.id

/** A list of one kind: count, filter, sort, rows; filter and order in the URL. */
export function ListPage<K extends Exclude<Kind, 'nic' | 'physicalNic' | 'connection'>>(
  props: Props<K>,
) {
  const { kind, path, search, title, rows, columns, values, fields, narrow, empty } = props
  const { t, i18n } = useLingui()
  const navigate = useNavigate()
  const isLoaded = useIsLoaded(kind)
  const { text, setText, terms } = useListSearch(path, search.q)
  const sort = useMemo(() => sortOf(search.sort, values), [search.sort, values])
  const shown = useMemo(
    () =>
      sortRows(
        rows.filter((row) => matches(terms, fields(row))),
        sort,
        values,
      ),
    [rows, terms, fields, sort, values],
  )
  const total = formatNumber(rows.length, i18n.locale)
  const found = formatNumber(shown.length, i18n.locale)
  return (
    <Page
      isFlush
      head={
        <PageHeader
          title={title}
          actions={props.actions}
          meta={
            isLoaded &&
            (shown.length < rows.length ? (
              <Trans>
                {found} of {total}
              </Trans>
            ) : (
              (props.summary ?? total)
            ))
          }
        >
          <div className="flex flex-wrap items-center gap-x-4 gap-y-2 pt-2 pb-3">
            <SearchField
              label={t`Filter`}
              shortcut="/"
              placeholder={props.placeholder}
              value={text}
              onChange={setText}
              className="max-w-160 min-w-48 flex-1"
            />
            {props.tools}
          </div>
        </PageHeader>
      }
    >
      <div className="relative flex min-h-0 flex-1 flex-col border-t border-hairline">
        <DataTable
          label={title}
          columns={columns}
          rows={shown}
          getRowId={idOf}
          getRowLabel={(row) => row.name}
          narrow={narrow}
          sort={sort}
          onSortChange={(next) =>
            void navigate({
              to: path,
              search: (old) => ({ ...old, sort: sortText(next) }),
              replace: true,
            })
          }
          onOpen={props.onOpen}
          isLoading={!isLoaded}
          empty={
            rows.length > 0 ? (
              <EmptyState
                title={t`Nothing matches`}
                action={
                  <Button onPress={() => setText('')}>
                    <Trans>Clear the filter</Trans>
                  </Button>
                }
              />
            ) : (
              <EmptyState title={empty.title} action={empty.action}>
                {empty.text}
              </EmptyState>
            )
          }
        />
      </div>
      {props.children}
    </Page>
  )
}
