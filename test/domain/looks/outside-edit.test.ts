import { describe, expect, test } from 'vitest'
import type { Change } from '../../../src/domain/change/change.ts'
import { evolve } from '../../../src/domain/change/evolve.ts'
import type { Send } from '../../../src/domain/change/write.ts'
import { outsideEdit } from '../../../src/domain/looks/outside-edit.ts'
import type { Settings } from '../../../src/domain/token/token.ts'
import {
  amendedAfterSending,
  answeredWith,
  applying,
  approvedBy,
  pending,
  proposedAt,
  sentAndEnded,
  unanswered,
} from '../../support/changes.ts'
import { bob, settings } from '../../support/world.ts'

const before = settings()
const { after } = pending()
const byHand = settings({ description: 'by hand' })
const later = '2026-06-01T10:00:00.000Z'

const applied = evolve(applying(), { type: 'applied', at: proposedAt, written: true })
const failed = evolve(applying(), { type: 'apply_refused', at: proposedAt, why: 'kept one field' })
const stop = { type: 'drift_found', at: proposedAt, live: byHand } as const
const drifted = evolve(unanswered(later), stop)
const interrupted = evolve(applying(), { type: 'apply_interrupted', at: proposedAt, why: 'lost', retryAt: later })
const cancelled = evolve(pending(), { type: 'cancelled', at: proposedAt, by: bob })

function seen(live = byHand, since = proposedAt) {
  return { before, live, since }
}

test('an unchanged token has not been edited, in whatever order the stack lists it', () => {
  expect(outsideEdit([], seen(before))).toBeNull()
  expect(outsideEdit([], seen(settings({ branches: ['development', 'main'] })))).toBeNull()
})

test('a changed token has been edited elsewhere if no change was made to it', () => {
  expect(outsideEdit([], seen())).not.toBeNull()
})

test.each<[string, Change]>([
  ['being applied', applying()],
  ['applied since', applied],
  ['interrupted, so that its update may still arrive', interrupted],
  ['stopped since because of what was found', drifted],
])("a change's request is not an edit made elsewhere if that change is %s", (_, change) => {
  expect(outsideEdit([change], seen(after))).toBeNull()
})

test('the request of a stopped change that was never sent is an edit made elsewhere if somebody makes it by hand', () => {
  expect(outsideEdit([evolve(pending(), stop)], seen(after))).toEqual({ before, after })
})

test('what a stack wrote in its own form is not an edit made elsewhere, though the app died before an answer came', () => {
  const rewritten = settings({ ...after, description: before.description.toLowerCase() })
  expect(rewritten.description).not.toBe(before.description)
  expect(outsideEdit([applying()], seen(rewritten))).toBeNull()
  expect(outsideEdit([approvedBy([bob])], seen(rewritten))).not.toBeNull()
  const [unseen] = unanswered(later).sends!
  const appliedByTheNext = { ...applied, sends: [unseen!, ...(applied.sends ?? [])] } as Change
  expect(outsideEdit([appliedByTheNext], { before: after, live: rewritten, since: proposedAt })).toBeNull()
  expect(outsideEdit([applied], { before: after, live: rewritten, since: proposedAt })).not.toBeNull()
})

test.each<[string, Change]>([
  ['still waits', pending()],
  ['is approved but was never begun', approvedBy([bob])],
  ['was cancelled', cancelled],
])("a change's request was made elsewhere if that change %s", (_, change) => {
  expect(outsideEdit([change], seen(after))).not.toBeNull()
})

test.each<[string, Change]>([
  ['applied', applied],
  ['failed', failed],
])("a change's request was made elsewhere if that change was %s before the token was last seen", (_, change) => {
  expect(outsideEdit([change], seen(after, later))).not.toBeNull()
})

test('the part of a change that the stack took is not an edit made elsewhere', () => {
  const asked = { after: settings({ name: 'ci-release', emailNotice: false }) }
  const failed = evolve(applying(asked), { type: 'apply_refused', at: proposedAt, why: 'kept one field' })
  expect(outsideEdit([failed], seen(settings({ name: 'ci-release' })))).toBeNull()
  expect(outsideEdit([failed], seen(settings({ name: 'ci-release', description: 'by hand' })))).not.toBeNull()
})

test('of an edit on top of what was applied, only the part that nobody approved was made elsewhere', () => {
  const live = settings({ ...after, description: 'by hand' })
  expect(outsideEdit([applied], seen(live))).toEqual({ before: after, after: live })
})

test("the stack's form of an update is not an edit made elsewhere", () => {
  const stored = settings({ name: 'CI-RELEASE' })
  const answer = { kind: 'taken', stored } as const
  const started = applying()
  const answered = evolve(started, { type: 'write_answered', at: proposedAt, sentAt: proposedAt, answer })
  const applied = evolve(answered, { type: 'applied', at: proposedAt, written: true, stored })
  for (const change of [answered, applied]) expect(outsideEdit([change], seen(stored))).toBeNull()
  const further = { ...stored, description: 'by hand' }
  expect(outsideEdit([applied], seen(further))).toEqual({ before: stored, after: further })
  expect(outsideEdit([applied], seen(settings({ name: 'ci release' })))).not.toBeNull()
})

test('what a stack stored while an update was sent to it is its form of that update', () => {
  const taken = answeredWith({ kind: 'taken' }, { over: '2026-06-01T08:00:00.000Z' })
  const live = settings({ name: 'c &amp; i', description: 'by hand' })
  const found = (editedAt: string | null) => outsideEdit([taken], { ...seen(live), editedAt })
  expect(found('2026-06-01T09:00:01.000Z')).toEqual({ before: settings({ name: 'c &amp; i' }), after: live })
  for (const editedAt of [null, '2026-06-01T08:00:00.000Z', '2026-06-01T09:01:00.001Z'])
    expect(found(editedAt)).toEqual({ before, after: live })
})

test("a text like the one that was sent is the stack's form of it, if it did not show that", () => {
  const live = settings({ name: 'CI RELEASE' })
  expect(outsideEdit([unanswered(later)], seen(live))).toBeNull()
  expect(outsideEdit([answeredWith({ kind: 'taken', stored: after })], seen(live))).not.toBeNull()
})

test.each(['none', 'unknown'] as const)(
  'an update answered with %s may arrive after its change has ended, until it cannot',
  (kind) => {
    const lease = { holder: 'first', until: '2026-06-01T09:01:00.000Z', arrival: later }
    const started = evolve(approvedBy([bob]), { type: 'apply_started', at: proposedAt, lease, seal: '' })
    const answer = { kind, why: 'timeout' }
    const answered = evolve(started, { type: 'write_answered', at: proposedAt, sentAt: proposedAt, answer })
    const put = evolve(answered, { type: 'apply_interrupted', at: proposedAt, why: 'lost', retryAt: later })
    const gone = evolve(put, { type: 'cancelled', at: proposedAt, by: bob })
    expect(outsideEdit([gone], seen(after, '2026-06-01T10:14:59.999Z'))).toBeNull()
    expect(outsideEdit([gone], seen(after, '2026-06-01T10:15:00.000Z'))).not.toBeNull()
  },
)

test('what the stack answered that it stored is not one, whatever it made of the other fields', () => {
  const stored = settings({ ...after, description: before.description.toLowerCase() })
  const done = evolve(applying(), { type: 'applied', at: proposedAt, written: true, stored })
  expect(outsideEdit([done], seen(stored))).toBeNull()
})

test("part of an ended change's request was made elsewhere, until an update of it is known to have come", () => {
  const asked = { after: settings({ name: 'ci-release', emailNotice: false }) }
  const unknown = evolve(unanswered('2026-06-01T09:15:00.000Z', asked), {
    type: 'apply_interrupted',
    at: proposedAt,
    why: 'lost',
    retryAt: later,
  })
  const ended = evolve(unknown, { type: 'cancelled', at: proposedAt, by: bob })
  const part = settings({ emailNotice: false })
  expect(outsideEdit([ended], seen(part))).toMatchObject({ before, after: part })
  expect(outsideEdit([ended], seen(asked.after))).toBeNull()
})

test("part of an earlier revision's request is known to be its own only once an update of it is known to have come", () => {
  const both = settings({ name: 'ci-release', emailNotice: false })
  const amended = amendedAfterSending(later, settings({ description: 'New' }))
  const asked = { ...amended, sends: [{ ...amended.sends![0]!, after: both }] }
  const part = settings({ emailNotice: false })
  expect(outsideEdit([asked], seen(part))).toMatchObject({ before })
  expect(outsideEdit([{ ...asked, sends: [{ ...asked.sends[0]!, answer: 'taken' }] }], seen(part))).toBeNull()
  const now = { ...asked.sends[0]!, answer: 'none', after: both } as const
  const earlier = { ...now, after: settings({ name: 'else' }), answer: 'taken' } as const
  const ended = evolve(
    { ...amended, after: both, sends: [earlier, now] },
    { type: 'cancelled', at: proposedAt, by: bob },
  )
  expect(outsideEdit([ended], seen(part))).toMatchObject({ before })
})

test('an update that arrived in time, but was not shown yet by a later look, is not one', () => {
  const sent = unanswered('2026-06-01T09:15:00.000Z')
  const ended = evolve(sent, { type: 'drift_found', at: proposedAt, live: byHand })
  const looked = (since: string) => outsideEdit([ended], { before: byHand, live: ended.after, since })
  expect(looked('2026-06-01T09:18:00.000Z')).toBeNull()
  expect(looked('2026-06-01T09:30:00.000Z')).not.toBeNull()
})

test("an earlier revision's request is not one, and what nothing was sent for is one", () => {
  const asks = settings({ description: 'New' })
  const amended = amendedAfterSending(later, asks)
  const sent = amended.sends![0]!.after!
  expect(outsideEdit([amended], seen(sent))).toBeNull()
  expect(outsideEdit([amended], { before: byHand, live: sent, since: proposedAt })).toBeNull()
  expect(outsideEdit([amended], seen(asks))).toEqual({ before, after: asks })
  expect(outsideEdit([amended], seen(sent, '2026-06-01T10:15:00.000Z'))).not.toBeNull()
})

test('an unanswered update may still come, though a look found what it asked for: somebody may have brought that', () => {
  const found = evolve(unanswered(later), { type: 'applied', at: proposedAt, written: true, sentAt: proposedAt })
  const edited = settings({ ...after, expiresOn: '2027-06-30' })
  const further = settings({ ...after, description: 'by hand' })
  const looked = (live: Settings, since = later) => outsideEdit([found], { before: edited, live, since })
  expect(looked(after)).toBeNull()
  expect(looked(further)).toEqual({ before: after, after: further })
  expect(looked(before)).toEqual({ before: edited, after: before })
  expect(looked(after, '2026-06-01T10:15:00.000Z')).toEqual({ before: edited, after })
  const taken = evolve(answeredWith({ kind: 'taken' }, { arrival: later }), {
    type: 'applied',
    at: proposedAt,
    written: true,
  })
  expect(outsideEdit([taken], { before: edited, live: after, since: later })).toEqual({ before: edited, after })
})

test("an earlier revision's update may still come too, once a look found it", () => {
  const amended = amendedAfterSending(later, settings({ description: 'New' }))
  const arrived = evolve(amended, { type: 'write_arrived', at: proposedAt, sentAt: proposedAt })
  const looked = (since: string) => outsideEdit([arrived], { before: byHand, live: after, since })
  expect(looked(later)).toBeNull()
  expect(looked('2026-06-01T10:15:00.000Z')).not.toBeNull()
})

test('an update brings the whole token, of which somebody may have edited one field before the next look', () => {
  const edited = settings({ description: 'by hand' })
  const live = settings({ ...after, emailNotice: false })
  expect(outsideEdit([unanswered(later)], { before: edited, live, since: proposedAt })).toEqual({
    before: after,
    after: live,
  })
})

test('two updates may have come between two looks, one of them late, and each explains its part of what moved', () => {
  const asks = settings({ description: 'New' })
  const lost = { ...unanswered(later), id: 2, before, after: asks }
  const live = settings({ name: after.name, description: 'New' })
  expect(outsideEdit([lost, applied], seen(live))).toBeNull()
  const more = { ...live, emailNotice: false }
  expect(outsideEdit([lost, applied], seen(more))).toEqual({ before: live, after: more })
})

test('an update that arrives late, over an edit made by hand, is not one itself', () => {
  const started = { ...applying(), lease: { holder: 'first', until: later, arrival: later } }
  expect(outsideEdit([started], { before: byHand, live: after, since: proposedAt })).toBeNull()
})

test('an edit on top of what was applied before the token was last seen was made elsewhere', () => {
  expect(outsideEdit([applied], seen(settings({ ...after, description: 'by hand' })))).not.toBeNull()
})

test('configuring the rate-limit fields, or removing them, edits no token', () => {
  const ungoverned = settings({ rateLimits: { kind: 'ungoverned' } })
  const custom = settings({ rateLimits: { kind: 'custom', read: 5, write: 5 } })
  expect(outsideEdit([], { ...seen(custom), before: ungoverned })).toBeNull()
  expect(outsideEdit([], { ...seen(ungoverned), before: custom })).toBeNull()
  expect(outsideEdit([], seen(custom))).not.toBeNull()
})

test('an edit of anything else is seen on a stack whose rate limits are not managed', () => {
  const ungoverned = { rateLimits: { kind: 'ungoverned' } } as const
  const looks = { ...seen(settings({ ...ungoverned, description: 'by hand' })), before: settings(ungoverned) }
  expect(outsideEdit([], looks)).not.toBeNull()
})

test('an update that the stack took partly is its own doing where it undoes something, and not while none of it is there', () => {
  const edited = settings({ description: 'by hand', emailNotice: false })
  const asked = settings({ name: 'CI', description: 'New' })
  const change = answeredWith({ kind: 'taken' }, { asked: { before, after: asked } })
  const looks = { before: edited, since: proposedAt }
  expect(outsideEdit([change], { ...looks, live: settings({ description: 'New' }) })).toBeNull()
  expect(outsideEdit([change], { ...looks, live: settings({ description: 'by hand' }) })).toMatchObject({
    after: { emailNotice: true },
  })
  const brought = settings({ description: 'New', emailNotice: false })
  expect(outsideEdit([change], { ...looks, before: brought, live: settings({ description: 'New' }) })).not.toBeNull()
})

test("an earlier revision's result is reported when somebody brings it back, once it had been seen", () => {
  const amended = amendedAfterSending(later, settings({ description: 'New' }))
  const [send] = amended.sends!
  const seenAt = (at: string): Change => ({ ...amended, sends: [{ ...send!, answer: 'taken', seenAt: at }] })
  const looks = { before, live: send!.after!, since: proposedAt }
  expect(outsideEdit([seenAt('2026-06-01T08:59:59.999Z')], looks)).not.toBeNull()
  expect(outsideEdit([seenAt(proposedAt)], looks)).toBeNull()
})

describe('an update that undoes what another change wrote over it', () => {
  const until = '2026-06-01T09:59:00.000Z'
  const at = '2026-06-01T10:01:00.000Z'
  const overwritten = settings({ emailNotice: false })
  const looks = { before: overwritten, live: after, since: at }

  /** A change that was applied, and the update that did it. */
  function written(id: number, more: Partial<Send> = {}): Change {
    const sends = [{ sentAt: later, until: at, answer: 'taken', ...more }]
    return { ...applied, id, after: overwritten, endedAt: later, sends } as Change
  }

  /** A change that was found on the token, though no answer reports it: its update may still arrive. */
  function seenOnce(): Change {
    const [send] = unanswered('2026-06-01T12:00:00.000Z').sends!
    return { ...applied, sends: [{ ...send!, seenAt: '2026-06-01T09:30:00.000Z' }] }
  }

  test.each(sentAndEnded(until))('is reported for a change that %s', (_, change) => {
    expect(outsideEdit([change], looks)).toBeNull()
    expect(outsideEdit([change, written(change.id + 1)], looks)).toEqual({ before: overwritten, after })
    expect(outsideEdit([written(change.id - 1), change], looks)).toEqual({ before: overwritten, after })
    expect(outsideEdit([change, written(change.id + 1, { answer: 'none', seenAt: later })], looks)).not.toBeNull()
  })

  test("counts as its own change's if the log says that the other came first, whatever the clock showed", () => {
    const change = sentAndEnded(until)[0]![1]
    const isLater = (other: Change, than: Change) => other.id === 43 && than === change
    expect(outsideEdit([change, written(41)], looks, isLater)).toBeNull()
    expect(outsideEdit([change, written(43)], looks, isLater)).not.toBeNull()
  })

  test('is reported for one that was seen before the other was written', () => {
    for (const id of [41, 43]) {
      expect(outsideEdit([seenOnce(), written(id)], looks)).toEqual({ before: overwritten, after })
      expect(outsideEdit([seenOnce(), written(id, { sentAt: proposedAt })], looks)).toBeNull()
    }
  })

  test.each<[string, Change, string?]>([
    ['was written while the update could come', written(41, { sentAt: '2026-06-01T09:58:59.999Z' })],
    ['was written before it', written(43, { sentAt: '2026-06-01T08:00:00.000Z' })],
    ['was never seen', written(43, { watchUntil: at })],
    ['was never answered', written(43, { answer: 'none' })],
    ['was seen by neither look', written(43), '2026-06-01T09:59:59.999Z'],
  ])("counts as its own change's if the other %s", (_, other, since = at) => {
    const change = sentAndEnded(until)[0]![1]
    expect(outsideEdit([change, other], { ...looks, since })).toBeNull()
  })
})
