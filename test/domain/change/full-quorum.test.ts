import { describe, expect, test } from 'vitest'
import type { Change } from '../../../src/domain/change/change.ts'
import { evolve, open } from '../../../src/domain/change/evolve.ts'
import { unapproved } from '../../../src/domain/change/full-quorum.ts'
import { sealOf } from '../../../src/domain/change/seal.ts'
import type { Requirement } from '../../../src/domain/policy/policy.ts'
import {
  alice,
  bob,
  carol,
  dave,
  mallory,
  owners,
  proposal,
  requirement,
  security,
  settings,
} from '../../support/world.ts'

const at = '2026-06-01T10:00:00.000Z'
const lease = { holder: 'one', until: at }

function asked(by: Requirement): Change {
  return open(1, { type: 'proposed', at, ...proposal({ requirement: by }) })
}

/** Approved by these people, and ready to be applied, whatever the log says. */
function approvedBy(change: Change, people: readonly string[], seal = sealOf(change)): Change {
  const approval = (by: string) => ({ type: 'approved' as const, by, at, revision: 1, seal, comment: '', quorum: true })
  return people.map(approval).reduce(evolve, change)
}

function start(change: Change, seal = sealOf(change)) {
  return unapproved(change, { type: 'apply_started', at, lease, seal })
}

describe('an apply that the log shows to be approved', () => {
  test.each<[string, Requirement, string[]]>([
    ['by as many as had to', requirement([bob, carol], 2), [bob, carol]],
    ['by one of several', requirement([bob, carol]), [carol]],
    ['by anybody, where a user group had to, whose people are not in the log', requirement([security]), [mallory]],
    ['by anybody, where people had to or a user group', requirement([security, dave]), [mallory]],
    [
      'by one of each party',
      { ...requirement(), parties: [...requirement([owners]).parties, ...requirement([dave]).parties] },
      [dave, bob],
    ],
  ])('%s', (_, rule, people) => {
    expect(start(approvedBy(asked(rule), people))).toBeNull()
  })
})

describe('an apply that the log does not show to be approved', () => {
  const two = requirement([bob, carol], 2)
  test.each<[string, Requirement, string[], number]>([
    ['too few approved', two, [bob], 1],
    ['the same person approved twice', two, [bob, bob], 1],
    ['somebody approved whom the rule does not name', two, [bob, mallory], 1],
    ['nobody approved of a user group', requirement([security], 2), [bob], 1],
    ['whoever asked for it approved, in a user group', requirement([owners]), [alice], 1],
    [
      'one person counts for two parties',
      { ...requirement(), parties: [...requirement([owners]).parties, ...requirement([security]).parties] },
      [bob],
      1,
    ],
  ])('%s', (_, rule, people, missing) => {
    expect(start(approvedBy(asked(rule), people))).toBe(
      `begins an apply, though ${missing} more had to approve exactly this`,
    )
  })

  test('what was approved was something else', () => {
    const change = asked(requirement())
    const other = sealOf({ ...change, after: settings({ name: 'other' }) })
    expect(start(approvedBy(change, [bob], other))).toMatch('1 more had to approve exactly this')
    expect(start(approvedBy(change, [bob]), other)).toMatch('something other than what the change was')
  })

  test('somebody who edited it approved', () => {
    const { before, requirement, expiresAt, remindAt } = asked({ ...proposal().requirement })
    const after = settings({ name: 'other' })
    const revised = { before, after, requirement, expiresAt, remindAt, reason: 'Other' }
    const edited = evolve(asked(requirement), { type: 'amended', voids: [], at, by: bob, ...revised })
    expect(start(approvedBy(edited, [bob]))).toMatch('1 more')
    expect(start(approvedBy(edited, [carol]))).toBeNull()
  })

  test('it was never approved, or never begun', () => {
    const change = asked(requirement())
    expect(start(change)).toBe('begins an apply, though the change was not approved')
    const applied = { type: 'applied' as const, at, written: true }
    expect(unapproved(change, applied)).toBe('ends an apply that never began')
    expect(unapproved(approvedBy(change, [bob]), applied)).toBe('ends an apply that never began')
    const begun = evolve(approvedBy(change, [bob]), { type: 'apply_started', at, lease, seal: sealOf(change) })
    expect(unapproved(begun, applied)).toBeNull()
  })

  test('nothing else is an apply', () => {
    expect(unapproved(asked(requirement()), { type: 'cancelled', at, by: alice })).toBeNull()
  })
})
