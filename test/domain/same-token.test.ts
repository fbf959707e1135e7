import { describe, expect, test } from 'vitest'
import { approve, mustWaitForOthers } from '../../src/domain/decide.ts'
import { sealOf } from '../../src/domain/seal.ts'
import { applying, proposedAt as at, electorate, inEveryStatus, pending } from '../support/changes.ts'
import { bob } from '../support/world.ts'

describe('a change waits for another of its token', () => {
  test('while that is being applied, and in no other status', () => {
    const waitedFor = inEveryStatus().filter((other) => mustWaitForOthers([other]))
    expect(waitedFor.map(({ status }) => status)).toEqual(['applying'])
  })

  test('whatever else is open beside it, and not when nothing is', () => {
    expect(mustWaitForOthers([pending(), applying()])).toBe(true)
    expect(mustWaitForOthers([])).toBe(false)
  })
})

test('the approval that was still needed says nothing of lost ones', () => {
  const change = pending()
  const approved = approve(change, { by: bob, at, revision: 1, comment: '' }, electorate(change))
  expect(approved).toStrictEqual({
    type: 'approved',
    by: bob,
    at,
    revision: 1,
    seal: sealOf(change),
    comment: '',
    quorum: true,
  })
})
