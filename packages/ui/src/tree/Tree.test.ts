import { expect, it } from 'vitest'
import { findByPrefix, type TreeNode } from './Tree.tsx'

const nodes = ['Frankfurt', 'db-1', 'db-2', 'Lab'].map((label, index): TreeNode => ({
  id: label,
  label,
  level: 1,
  href: '',
  positionInSet: index + 1,
  setSize: 4,
}))

it('jumps to the next name that begins with what was typed, and around', () => {
  expect(findByPrefix(nodes, 'd', 0)).toBe(1)
  expect(findByPrefix(nodes, 'd', 1)).toBe(2)
  expect(findByPrefix(nodes, 'd', 2)).toBe(1)
  expect(findByPrefix(nodes, 'db-2', 1)).toBe(2)
  expect(findByPrefix(nodes, 'x', 0)).toBe(-1)
})
