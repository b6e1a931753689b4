import { expect, test } from 'vitest'
import { aDisk, aVm } from './fixture.ts'
import { lossesOf, needsTypedName } from './losses.ts'

const GiB = 1024 ** 3
const drive = (diskId: string | null, type: 'disk' | 'cd' = 'disk') => ({
  id: `vbd-${diskId}`,
  type,
  position: '0',
  device: '',
  diskId,
  attached: false,
  bootable: false,
  readOnly: false,
})
const disks = new Map(
  [aDisk({ id: 'a', size: 100 * GiB }), aDisk({ id: 'b', size: 200 * GiB })].map((disk) => [
    disk.id,
    disk,
  ]),
)
const diskById = (id: string) => disks.get(id)

test('counts every disk once and no CD', () => {
  const losses = lossesOf(
    [
      aVm({
        drives: [drive('a'), drive('b'), drive('iso', 'cd'), drive(null, 'cd')],
        snapshotIds: ['s', 't'],
      }),
      aVm({ drives: [drive('b'), drive('gone')], snapshotIds: ['u'] }),
    ],
    diskById,
  )
  expect(losses.disks.map((disk) => disk.id)).toEqual(['a', 'b'])
  expect(losses.diskSize).toBe(300 * GiB)
  expect(losses.snapshots).toBe(3)
})

test('the name is typed only for the large and the many', () => {
  const small = lossesOf([aVm({ drives: [drive('a')] })], diskById)
  const large = lossesOf([aVm({ drives: [drive('a'), drive('b')] })], diskById)
  expect(needsTypedName(1, small, true)).toBe(false)
  expect(needsTypedName(1, large, true)).toBe(true)
  expect(needsTypedName(1, large, false)).toBe(false)
  expect(needsTypedName(5, small, false)).toBe(true)
})

test('a disk that another VM uses stays', () => {
  const shared = aDisk({ id: 'shared', usedBy: ['vm-1', 'vm-2'] })
  const snapshotted = aDisk({ id: 'own', usedBy: ['vm-1', 's'] })
  const losses = lossesOf(
    [aVm({ drives: [drive('shared'), drive('own')], snapshotIds: ['s'] })],
    (id) => (id === 'shared' ? shared : snapshotted),
  )
  expect(losses.disks.map((disk) => disk.id)).toEqual(['own'])
  expect(losses.kept).toBe(1)
})
