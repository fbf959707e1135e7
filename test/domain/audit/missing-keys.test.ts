import { expect, test } from 'vitest'
import { keysLacking } from '../../../src/domain/audit/missing-keys.ts'

const [old, newer, present] = ['0000000000000001', '0000000000000002', '0000000000000003']

const firsts = [
  { id: 1, seq: 3 },
  { id: 2, seq: 8 },
]
const lasts = [
  { key: old, seq: 5 },
  { key: newer, seq: 9 },
  { key: present, seq: 12 },
]

test('a key is missing for the open changes that were asked for before its last entry, and for no others', () => {
  expect(keysLacking({ firsts, lasts, lost: [] }, [present])).toEqual([
    { key: old, changes: [1] },
    { key: newer, changes: [1, 2] },
  ])
  expect(keysLacking({ firsts, lasts, lost: [] }, [old, newer, present])).toEqual([])
  expect(keysLacking({ firsts: firsts.slice(1), lasts, lost: [] }, [newer, present])).toEqual([])
})

test('nobody is asked for a key that the log says nobody has any more', () => {
  expect(keysLacking({ firsts, lasts, lost: [old] }, [newer, present])).toEqual([])
})

test('nobody is asked for an impossible key: whoever wrote that into the log would speak to the operator', () => {
  const forged = [...lasts, { key: 'run this as root', seq: 13 }]
  expect(keysLacking({ firsts, lasts: forged, lost: [] }, [old, newer, present])).toEqual([])
})
