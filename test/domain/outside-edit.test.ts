import { expect, test } from 'vitest'
import { type Change, evolve } from '../../src/domain/change.ts'
import { isOutsideEdit } from '../../src/domain/outside-edit.ts'
import { applying, approvedBy, pending, proposedAt } from '../support/changes.ts'
import { bob, settings } from '../support/world.ts'

const before = settings()
const { after } = pending()
const byHand = settings({ description: 'by hand' })
const later = '2026-06-01T10:00:00.000Z'

const applied = evolve(applying(), { type: 'applied', at: proposedAt, written: true })
const failed = evolve(applying(), { type: 'apply_refused', at: proposedAt, why: 'kept one field' })
const drifted = evolve(applying(), { type: 'drift_found', at: proposedAt, live: byHand })
const interrupted = evolve(applying(), { type: 'apply_interrupted', at: proposedAt, why: 'lost', retryAt: later })
const cancelled = evolve(pending(), { type: 'cancelled', at: proposedAt, by: bob })

function seen(live = byHand, since = proposedAt) {
  return { before, live, since }
}

test('a token that is as it was has not been edited, in whatever order the stack tells it', () => {
  expect(isOutsideEdit([], seen(before))).toBe(false)
  expect(isOutsideEdit([], seen(settings({ branches: ['development', 'main'] })))).toBe(false)
})

test('a token that is not as it was has been edited elsewhere when no change was made to it', () => {
  expect(isOutsideEdit([], seen())).toBe(true)
})

test.each<[string, Change]>([
  ['being applied', applying()],
  ['applied since', applied],
  ['interrupted, so that its update may still arrive', interrupted],
  ['stopped since because of what was found', drifted],
])('what a change asks for is no edit made elsewhere when that change is %s', (_, change) => {
  expect(isOutsideEdit([change], seen(after))).toBe(false)
})

test.each<[string, Change]>([
  ['still waits', pending()],
  ['is approved but was never begun', approvedBy([bob])],
  ['was cancelled', cancelled],
])('what a change asks for was made elsewhere when that change %s', (_, change) => {
  expect(isOutsideEdit([change], seen(after))).toBe(true)
})

test.each<[string, Change]>([
  ['applied', applied],
  ['failed', failed],
  ['stopped', drifted],
])('what a change asked for was made elsewhere when that change was %s before the token was last seen', (_, change) => {
  expect(isOutsideEdit([change], seen(after, later))).toBe(true)
})

test('what the stack took of a change, and no more, is no edit made elsewhere', () => {
  const asked = { after: settings({ name: 'ci-release', emailNotice: false }) }
  const failed = evolve(applying(asked), { type: 'apply_refused', at: proposedAt, why: 'kept one field' })
  expect(isOutsideEdit([failed], seen(settings({ name: 'ci-release' })))).toBe(false)
  expect(isOutsideEdit([failed], seen(settings({ name: 'ci-release', description: 'by hand' })))).toBe(true)
})

test('an edit on top of what was applied was made elsewhere', () => {
  expect(isOutsideEdit([applied], seen(settings({ ...after, description: 'by hand' })))).toBe(true)
})

test('configuring the rate-limit fields, or no more, edits no token', () => {
  const ungoverned = settings({ rateLimits: { kind: 'ungoverned' } })
  const custom = settings({ rateLimits: { kind: 'custom', read: 5, write: 5 } })
  expect(isOutsideEdit([], { ...seen(custom), before: ungoverned })).toBe(false)
  expect(isOutsideEdit([], { ...seen(ungoverned), before: custom })).toBe(false)
  expect(isOutsideEdit([], seen(custom))).toBe(true)
})

test('an edit of anything else is seen on a stack whose rate limits are not managed', () => {
  const ungoverned = { rateLimits: { kind: 'ungoverned' } } as const
  const looks = { ...seen(settings({ ...ungoverned, description: 'by hand' })), before: settings(ungoverned) }
  expect(isOutsideEdit([], looks)).toBe(true)
})
