import { expect, test } from 'vitest'
import { byName, compareKnown, compareNumber, compareText, learnOrder } from './sort.ts'

test('numbers in names count as numbers', () => {
  expect(['db-10', 'db-2', 'DB-1'].toSorted(compareText)).toEqual(['DB-1', 'db-2', 'db-10'])
  expect(['10.20.0.9', '10.3.0.1'].toSorted(compareText)).toEqual(['10.3.0.1', '10.20.0.9'])
})

test('the unknown is last both ways', () => {
  const values = [null, 3, 1, undefined, 2]
  const sort = (descending: boolean) =>
    [...values].toSorted((a, b) => compareKnown(a, b, descending, compareNumber))
  // `toSorted` puts undefined last by itself; null is ours.
  expect(sort(false).slice(0, 3)).toEqual([1, 2, 3])
  expect(sort(true).slice(0, 3)).toEqual([3, 2, 1])
  expect(compareKnown('', 'a', true, compareText)).toBe(1)
})

test('equal names are told apart by id', () => {
  const rows = [
    { name: 'web', id: 'b' },
    { name: 'web', id: 'a' },
  ]
  expect(rows.toSorted(byName).map((row) => row.id)).toEqual(['a', 'b'])
})

test('a learnt order is the collator’s', () => {
  const names = ['vm-10', 'VM-2', 'vm-2', 'äpfel', 'apfel', 'Zürich', 'zebra', '']
  const before = names.toSorted(compareText)
  learnOrder(names)
  expect(names.toSorted(compareText)).toEqual(before)
  expect(compareText('vm-2', 'VM-2')).toBe(0)
  // A text that came later takes its place among the known ones.
  learnOrder(['vm-3'])
  expect(['vm-10', 'vm-3', 'vm-2'].toSorted(compareText)).toEqual(['vm-2', 'vm-3', 'vm-10'])
})
