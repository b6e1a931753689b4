import { expect, test } from 'vitest'
import { aSnapshot } from './fixture.ts'
import { snapshotRows } from './snapshot-tree.ts'

const at = (id: string, minute: number, parentId: string | null) =>
  aSnapshot({ id, parentId, takenAt: new Date(Date.UTC(2026, 0, 1, 0, minute)).toISOString() })
const shape = (rows: ReturnType<typeof snapshotRows>) =>
  rows.map((row) => `${'-'.repeat(row.depth)}${row.snapshot.id}${row.isCurrent ? '*' : ''}`)

test('a chain is a list', () => {
  const rows = snapshotRows({ id: 'vm-1', currentSnapshotId: 'c' }, [
    at('c', 3, 'b'),
    at('a', 1, null),
    at('b', 2, 'a'),
  ])
  expect(shape(rows)).toEqual(['a', 'b', 'c*'])
})

test('branches are indented below where they begin', () => {
  const rows = snapshotRows({ id: 'vm-1', currentSnapshotId: 'd' }, [
    at('a', 1, null),
    at('b', 2, 'a'),
    at('c', 3, 'b'),
    at('d', 4, 'a'),
  ])
  expect(shape(rows)).toEqual(['a', '-b', '-c', '-d*'])
})

test('going back to a snapshot that has children makes a branch of them', () => {
  const rows = snapshotRows({ id: 'vm-1', currentSnapshotId: 'a' }, [
    at('a', 1, null),
    at('b', 2, 'a'),
  ])
  expect(shape(rows)).toEqual(['a*', '-b'])
})

test('others are left out, orphans are roots, loops are shown', () => {
  const rows = snapshotRows({ id: 'vm-1', currentSnapshotId: null }, [
    aSnapshot({ id: 'other', vmId: 'vm-2' }),
    at('orphan', 1, 'deleted'),
    at('x', 2, 'y'),
    at('y', 3, 'x'),
  ])
  expect(shape(rows)).toEqual(['orphan', 'x', 'y'])
})
