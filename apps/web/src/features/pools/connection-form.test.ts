import type { Connection } from '@xendeck/contract'
import { expect, test } from 'vitest'
import { changesOf, isConfirmed } from './connection-form.ts'

const before: Connection = {
  id: 'c',
  label: 'Lab',
  address: 'https://10.0.0.1',
  username: 'root',
  fingerprint: 'AA',
  origin: 'console',
  state: 'connected',
  reason: null,
  since: null,
  retryAt: null,
  poolId: null,
}
const values = { address: 'https://10.0.0.1', username: 'root', password: '', label: 'Lab' }

test('only what differs is sent', () => {
  expect(changesOf(before, values, null)).toEqual({})
  expect(changesOf(before, { ...values, label: ' Berlin ', password: 'x' }, null)).toEqual({
    label: 'Berlin',
    password: 'x',
  })
})

test('a confirmed certificate counts for the address it was shown by', () => {
  const confirmed = { address: 'https://10.0.0.2', fingerprint: 'BB' }
  expect(changesOf(before, values, confirmed)).toEqual({})
  expect(changesOf(before, { ...values, address: 'https://10.0.0.2 ' }, confirmed)).toEqual({
    address: 'https://10.0.0.2',
    fingerprint: 'BB',
  })
  expect(isConfirmed(confirmed, 'https://10.0.0.1')).toBe(false)
  expect(isConfirmed(null, '')).toBe(false)
})
