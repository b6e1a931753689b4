import { expect, test } from 'vitest'
import { sortOf, sortRows, sortText } from './list-sort.ts'

const values = {
  name: (row: { name: string }) => row.name,
  size: (row: { size: number | null }) => row.size,
}
const rows = [
  { id: '1', name: 'b', size: null },
  { id: '2', name: 'a', size: 10 },
  { id: '3', name: 'c', size: 9 },
]
const order = (text: string) =>
  sortRows(rows, sortOf(text, values), values)
    .map((row) => row.id)
    .join('')

test('sorts by what the URL says, unknown sizes last', () => {
  expect(order('name')).toBe('213')
  expect(order('-name')).toBe('312')
  expect(order('size')).toBe('321')
  expect(order('-size')).toBe('231')
  expect(order('nonsense')).toBe('213')
})

test('the URL keeps what is not the default', () => {
  expect(sortText(sortOf('-size', values))).toBe('-size')
  expect(sortText(sortOf(undefined, values))).toBeUndefined()
})
