import { describe, expect, test } from 'vitest'
import type { Change } from '../../../src/domain/change/change.ts'
import { evolve } from '../../../src/domain/change/evolve.ts'
import { longestAwaited, mustWaitFor, postpone } from '../../../src/domain/looks/same-token.ts'
import {
  applying,
  approvedBy,
  inEveryStatus,
  pending,
  proposedAt,
  sentAndEnded,
  unanswered,
} from '../../support/changes.ts'
import { bob, settings } from '../../support/world.ts'

const approved = approvedBy([bob])
const arrival = '2026-06-01T09:15:00.000Z'
const justBefore = '2026-06-01T09:14:59.999Z'

function other(change: Change): Change {
  return { ...change, id: 7 }
}

describe('a change waits for another of its token', () => {
  test('while that is being applied, and in no other status', () => {
    const waitedFor = inEveryStatus().filter((one) => mustWaitFor(approved, [one], proposedAt))
    expect(waitedFor.map(({ status }) => status)).toEqual(['applying'])
  })

  test('whatever else is open beside it, and not if nothing is', () => {
    expect(mustWaitFor(approved, [pending(), applying()], proposedAt)).not.toBeNull()
    expect(mustWaitFor(approved, [], proposedAt)).toBeNull()
  })

  test.each(sentAndEnded(arrival))('while its update may still arrive, though it %s', (_, ended) => {
    const wait = mustWaitFor(approved, [pending(), other(ended)], justBefore)
    expect(wait).toMatchObject({ id: 7, send: { until: arrival } })
    expect(mustWaitFor(approved, [other(ended)], arrival)).toBeNull()
  })

  test('and not for one whose only update was seen on the token', () => {
    const seen = evolve(unanswered(arrival), { type: 'applied', at: proposedAt, written: true })
    expect(mustWaitFor(approved, [other(seen)], justBefore)).toBeNull()
  })

  test('also when that was sent twice, and seen once', () => {
    const once = unanswered(arrival)
    const again = { sentAt: justBefore, until: '2026-06-01T09:30:00.000Z', answer: 'none' as const }
    const twice = { ...once, sends: [...once.sends!, again] }
    const seen = evolve(twice, { type: 'applied', at: proposedAt, written: true })
    expect(mustWaitFor(approved, [other(seen)], arrival)).toMatchObject({ send: again })
  })
})

test('a change may be sent again while its own update may still arrive, and not once it asks for something else', () => {
  const interrupted = evolve(unanswered(arrival), {
    type: 'apply_interrupted',
    at: proposedAt,
    why: '',
    retryAt: proposedAt,
  })
  expect(mustWaitFor(interrupted, [], justBefore)).toBeNull()
  const amended = evolve(interrupted, {
    ...pending(),
    type: 'amended',
    at: proposedAt,
    by: bob,
    after: settings({ name: 'else' }),
    voids: [],
  })
  expect(mustWaitFor(amended, [], justBefore)).toMatchObject({ id: amended.id })
})

test('of the updates to its token that may still arrive, an edit is told about the longest wait', () => {
  const [first, second] = [unanswered(arrival), unanswered('2026-06-01T09:30:00.000Z')]
  const longest = { id: 7, until: '2026-06-01T09:30:00.000Z' }
  expect(longestAwaited([first, other(second)], justBefore)).toEqual(longest)
  expect(longestAwaited([other(second), first], justBefore)).toEqual(longest)
  expect(longestAwaited([pending(), first], arrival)).toBeNull()
})

test('its wait is noted on the change once, with when it can go on', () => {
  const wait = mustWaitFor(approved, [other(sentAndEnded(arrival)[0]![1])], proposedAt)!
  const event = postpone(approved, wait, proposedAt)!
  expect(event).toMatchObject({
    type: 'apply_postponed',
    why: expect.stringContaining('an update of change #7 may have been sent to this token'),
    retryAt: arrival,
  })
  const postponed = evolve(approved, event)
  expect(postponed).toMatchObject({ status: 'approved', interruptions: 0, interruption: { retryAt: arrival } })
  expect(postpone(postponed, wait, proposedAt)).toBeNull()
  expect(postpone(approved, { id: 7, send: null }, proposedAt)).toBeNull()
})
