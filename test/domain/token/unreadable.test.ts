import { expect, test } from 'vitest'
import { amongNone } from '../../../src/domain/token/unreadable.ts'

test('the unreadable tokens leave out those that are known from before, of the same stack only', () => {
  const broken = (stack: string, uid: string) => ({ stack, uid, name: null, why: 'it has no scope' })
  const all = [broken('website', 't1'), broken('website', 't2'), broken('shop', 't1')]
  expect(amongNone(all, [{ stack: 'website', uid: 't1' }])).toEqual([all[1], all[2]])
  expect(amongNone(all, [])).toEqual(all)
  expect(amongNone([], [{ stack: 'website', uid: 't1' }])).toEqual([])
})
