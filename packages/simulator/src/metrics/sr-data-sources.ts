/** The data sources of storages: how full they are. */
import type { Row } from '../db/database.ts'
import { int } from '../vm/row.ts'
import type { DataSource } from './data-sources.ts'

export function srDataSources(sr: Row): DataSource[] {
  // What was in the past is not kept: a storage is as full as it is now.
  const of = (field: string) => (): number => int(sr, field)
  const units = 'B'
  const range = { min: 0, max: Infinity }
  return [
    { name: 'size', description: 'Size of the SR', units, ...range, value: of('physical_size') },
    {
      name: 'physical_utilisation',
      description: 'Space used on the SR',
      units,
      ...range,
      value: of('physical_utilisation'),
    },
  ]
}
