import { describe, expect, test } from 'vitest'
import type { Change } from '../../../src/domain/change/change.ts'
import { evolve } from '../../../src/domain/change/evolve.ts'
import { isStale } from '../../../src/domain/looks/stale-look.ts'
import { answeredWith, applying, proposedAt, sentAndEnded } from '../../support/changes.ts'
import { settings } from '../../support/world.ts'

const arrival = '2026-06-01T09:15:00.000Z'
const [earlier, later] = ['2026-06-01T08:00:00.000Z', '2026-06-01T09:00:00.000Z']
const taken = answeredWith({ kind: 'taken' }, { arrival })
const applied = evolve(taken, { type: 'applied', at: proposedAt, written: true })
const byHand = settings({ description: 'by hand' })

type Looks = {
  seen?: [typeof byHand, string | null]
  known?: [typeof byHand, string | null]
  recent?: Change[]
  edits?: { before: typeof byHand; after: typeof byHand; at: string }[]
  at?: string
  latest?: Date | null
}

function stale({
  seen = [applied.before, null],
  known = [applied.after, null],
  recent = [applied],
  edits = [],
  at = later,
  latest = null,
}: Looks) {
  const [settings, editedAt] = seen
  const asKnown = { settings: known[0], editedAt: known[1], seenAt: '2026-06-01T09:00:00.000Z' }
  return isStale({ settings, editedAt }, asKnown, { recent, edits: () => edits, at: new Date(at), latest })
}

describe('if a stack says when a token was last edited', () => {
  test('a look that shows an earlier edit than is known is stale, whatever else it shows', () => {
    expect(stale({ seen: [byHand, earlier], known: [applied.after, later], recent: [] })).toBe(true)
    expect(stale({ seen: [byHand, later], known: [applied.after, earlier], recent: [] })).toBe(false)
  })

  test('a later edit is news, though it made the token what it was before ours', () => {
    expect(stale({ seen: [applied.before, later], known: [applied.after, earlier] })).toBe(false)
  })

  test('instants are compared, whatever their form', () => {
    const [written, sooner] = ['2026-06-01T10:30:00.000+02:00', '2026-06-01T08:29:59.000Z']
    expect(stale({ seen: [byHand, sooner], known: [applied.after, written], recent: [] })).toBe(true)
    expect(stale({ seen: [byHand, written], known: [applied.after, sooner], recent: [] })).toBe(false)
  })

  test('a time in whole seconds does not make stale what shows the known edit from the same second', () => {
    const [second, within] = ['2026-06-01T09:00:00.000Z', '2026-06-01T09:00:00.789Z']
    expect(stale({ seen: [applied.after, second], known: [applied.after, within] })).toBe(false)
    expect(stale({ seen: [byHand, second], known: [applied.after, within], recent: [] })).toBe(true)
    expect(stale({ seen: [byHand, within], known: [applied.after, second], recent: [] })).toBe(false)
    const afterLongest = { at: '2026-06-01T09:15:00.001Z', latest: new Date('2026-06-01T09:15:00.001Z') }
    expect(stale({ seen: [byHand, second], known: [applied.after, within], recent: [], ...afterLongest })).toBe(false)
    expect(stale({ seen: [byHand, '2026-06-01T08:59:59.000Z'], known: [applied.after, within], recent: [] })).toBe(true)
    expect(stale({ seen: [byHand, '2026-06-01T09:00:00.100Z'], known: [applied.after, within], recent: [] })).toBe(true)
  })

  test('an invalid time proves nothing', () => {
    expect(stale({ seen: [byHand, 'yesterday'], known: [applied.after, later], recent: [] })).toBe(false)
  })
})

describe('if it does not say', () => {
  test('an edit made by hand leads back to ours, though it was noted as earlier than ours, since the clock was set back', () => {
    const edited = { ...applied.after, description: 'by hand' }
    const edits = [{ before: applied.after, after: edited, at: '2026-05-31T09:00:30.000Z' }]
    expect(stale({ known: [edited, null], edits })).toBe(true)
    expect(stale({ known: [edited, null], edits: [] })).toBe(false)
    expect(stale({ known: [edited, null], seen: [applied.after, null], edits })).toBe(false)
  })

  test('an update of ours that puts a token back is news, though an earlier one of ours replaced the same', () => {
    const back = { ...taken, id: 2, before: byHand, after: applied.before } as Change
    const edits = [{ before: applied.after, after: byHand, at: '2026-06-01T09:00:30.000Z' }]
    const looks = { seen: [applied.before, null], known: [byHand, null], edits } satisfies Looks
    expect(stale({ ...looks, recent: [applied] })).toBe(true)
    expect(stale({ ...looks, recent: [back, applied] })).toBe(false)
  })

  test('exactly what an update of ours replaced is stale, until no look can be that old', () => {
    expect(stale({})).toBe(true)
    expect(stale({ at: '2026-06-01T09:14:59.999Z' })).toBe(true)
    expect(stale({ at: arrival })).toBe(false)
  })

  test('so is what several updates of ours replaced, one after the other', () => {
    const { before, after } = applied
    const next = { ...applied, id: 2, before: after, after: settings({ ...after, description: 'second' }) }
    const known: [typeof before, null] = [next.after, null]
    expect(stale({ known, recent: [next, applied] })).toBe(true)
    expect(stale({ known, recent: [next] })).toBe(false)
    expect(stale({ known, recent: [applied] })).toBe(false)
    expect(stale({ known, recent: [{ ...next, before: byHand }, applied] })).toBe(false)
  })

  test('so is what ours made of the current state, if another of ours has put that back since', () => {
    const { before, after } = applied
    const at = (second: string) => `2026-06-01T08:59:${second}.000Z`
    const sent = (change: typeof applied, second: string) => ({
      ...change,
      sends: change.sends!.map((one) => ({ ...one, sentAt: at(second), seenAt: at(second) })),
    })
    const first = sent(applied, '10')
    const back = sent({ ...applied, id: 2, before: after, after: before }, '20')
    const looks = { seen: [after, null], known: [before, null] } satisfies Looks
    expect(stale({ ...looks, recent: [back, first] })).toBe(true)
    expect(stale({ ...looks, recent: [sent(back, '10'), first] })).toBe(true)
    expect(stale({ ...looks, recent: [sent(back, '10'), sent(first, '20')] })).toBe(false)
    const unseen = { ...first, sends: first.sends.map(({ seenAt: _, ...one }) => one) }
    expect(stale({ ...looks, recent: [back, unseen] })).toBe(false)
  })

  test('so is an edit by hand over which an update of ours came late, and only then', () => {
    const { before, after } = applied
    const edits = [{ before, after: byHand, at: '2026-06-01T08:59:30.000Z' }]
    const looks = { seen: [byHand, null], known: [after, null], edits } satisfies Looks
    const cancelled = sentAndEnded(arrival)[0]![1]
    const arrived = evolve(cancelled, { type: 'write_arrived', at: proposedAt, sentAt: proposedAt })
    expect(stale({ ...looks, recent: [arrived] })).toBe(true)
    expect(stale({ ...looks, edits: [], recent: [arrived] })).toBe(false)
    expect(stale({ ...looks, recent: [applied] })).toBe(false)
  })

  test("a stack's own form of an update is what it left, though no answer said so", () => {
    const known = settings({ ...applied.after, expiresOn: '2027-01-31T23:59:59.999Z' })
    const cancelled = sentAndEnded(arrival)[0]![1]
    const arrived = evolve(cancelled, { type: 'write_arrived', at: proposedAt, sentAt: proposedAt })
    expect(stale({ known: [known, null], recent: [arrived] })).toBe(true)
    expect(stale({ known: [{ ...known, expiresOn: null }, null], recent: [arrived] })).toBe(false)
  })

  test('so is what was there before an update of ours and edits by hand, whichever came first', () => {
    const { before, after } = applied
    const at = '2026-06-01T09:00:00.500Z'
    const since = { before: after, after: settings({ ...after, description: 'by hand' }), at }
    expect(stale({ known: [since.after, null], edits: [since] })).toBe(true)
    const sooner = { before: byHand, after: before, at: earlier }
    expect(stale({ seen: [byHand, null], edits: [sooner] })).toBe(true)
    const both = { known: [since.after, null], seen: [byHand, null], edits: [since, sooner] } satisfies Looks
    expect(stale(both)).toBe(true)
    expect(stale({ ...both, recent: [] })).toBe(false)
  })

  test('an update and an edit by hand that are noted at the same instant may have come in either order', () => {
    const { before, after } = applied
    const at = applied.sends!.at(-1)!.sentAt
    const since = { before: after, after: settings({ ...after, description: 'by hand' }), at }
    expect(stale({ known: [since.after, null], edits: [since] })).toBe(true)
    expect(stale({ seen: [byHand, null], edits: [{ before: byHand, after: before, at }] })).toBe(true)
  })

  test('so is what was there before an update that the stack took a part of', () => {
    const taken = answeredWith(
      { kind: 'taken' },
      { arrival, asked: { after: settings({ name: 'new', description: 'new' }) } },
    )
    const failed = evolve(taken, { type: 'apply_refused', at: proposedAt, why: 'it kept the old value of one field' })
    expect(stale({ known: [settings({ name: 'new' }), null], recent: [failed] })).toBe(true)
    expect(stale({ known: [settings({ emailNotice: false }), null], recent: [failed] })).toBe(false)
  })

  test('so is what an edit by hand replaced after an update that may have been taken without making any difference', () => {
    const { before } = applied
    const edit = { before, after: byHand, at: '2026-06-01T09:00:30.000Z' }
    const failed = evolve(taken, { type: 'apply_refused', at: proposedAt, why: 'it kept the old value' })
    const looks = { seen: [before, null], known: [byHand, null], edits: [edit] } satisfies Looks
    for (const change of [taken, failed]) expect(stale({ ...looks, recent: [change] }), change.status).toBe(true)
    expect(stale({ ...looks, recent: [applied] })).toBe(false)
  })

  test('an update that may have come may stand between one that has and what is known, and is proof where that is not noted', () => {
    const { after } = applied
    const before = { ...after, description: 'by hand or not' }
    const next = { ...sentAndEnded(arrival)[0]![1], id: 2, before: after, after: before }
    const begun = { ...applying({ before: after, after: before }), id: 2, sends: [], startedAt: proposedAt }
    const known: [typeof after, null] = [before, null]
    for (const change of [next, begun]) {
      expect(stale({ known, recent: [change, applied] }), change.status).toBe(true)
      const isNoted = change.status !== 'applying'
      expect(stale({ seen: [after, null], known, recent: [change] }), change.status).toBe(!isNoted)
      expect(stale({ seen: [after, null], known, recent: [change, applied] }), change.status).toBe(!isNoted)
    }
  })

  test('what was there before edits by hand alone is news, since somebody may have undone them', () => {
    const { before, after } = applied
    const back = { before: after, after: before, at: '2026-06-01T09:00:00.001Z' }
    expect(stale({ seen: [after, null], known: [before, null], edits: [back] })).toBe(false)
  })

  test('what was there before edits by hand is not while an update may have come, and have been written over unseen', () => {
    const { before } = applied
    const edit = { before, after: byHand, at: '2026-06-01T09:10:00.000Z' }
    const looks = { seen: [before, null], known: [byHand, null], edits: [edit] } satisfies Looks
    for (const [, change] of sentAndEnded(arrival)) {
      expect(stale({ ...looks, recent: [change] }), change.status).toBe(true)
      expect(stale({ ...looks, edits: [], recent: [change] }), change.status).toBe(false)
    }
  })

  test('the same is true if the two looks show the same edit', () => {
    expect(stale({ seen: [applied.before, earlier], known: [applied.after, earlier] })).toBe(true)
  })

  test('anything else is news', () => {
    expect(stale({ seen: [byHand, null] })).toBe(false)
    expect(stale({ known: [byHand, null] })).toBe(false)
    expect(stale({ recent: [] })).toBe(false)
  })

  test('the stack must have taken that update, or a look have found it', () => {
    for (const [, change] of sentAndEnded(arrival)) {
      expect(stale({ recent: [change] }), change.status).toBe(false)
      const arrived = evolve(change, { type: 'write_arrived', at: proposedAt, sentAt: proposedAt })
      expect(stale({ recent: [arrived] }), change.status).toBe(true)
    }
  })

  test('an update that came late may have come a moment before it was seen', () => {
    const seenAt = '2026-06-01T09:10:00.000Z'
    const arrived = evolve(sentAndEnded(arrival)[0]![1], { type: 'write_arrived', at: seenAt, sentAt: proposedAt })
    const looked = (at: string) =>
      isStale(
        { settings: arrived.before, editedAt: null },
        { settings: arrived.after, editedAt: null, seenAt },
        { recent: [arrived], edits: () => [], at: new Date(at) },
      )
    expect(looked('2026-06-01T09:24:59.999Z')).toBe(true)
    expect(looked('2026-06-01T09:25:00.000Z')).toBe(false)
  })

  test("the stack's form of the update is what it left", () => {
    const stored = settings({ name: 'CI-RELEASE' })
    const made = evolve(taken, { type: 'applied', at: proposedAt, written: true, stored })
    expect(stale({ known: [stored, null], recent: [made] })).toBe(true)
    const endOfDay = { ...stored, expiresOn: '2027-01-31T23:59:59.999Z' }
    expect(stale({ known: [endOfDay, null], recent: [made] })).toBe(true)
    const moved = evolve(taken, { type: 'applied', at: proposedAt, written: true, stored, live: byHand })
    expect(stale({ known: [stored, null], recent: [moved] })).toBe(false)
    expect(stale({ known: [byHand, null], recent: [moved] })).toBe(true)
    expect(stale({ known: [moved.after, null], recent: [moved] })).toBe(true)
  })
})

test('a quarter of an hour later nothing is stale: what a stack shows for so long is what it has', () => {
  const looks = {
    seen: [byHand, earlier],
    known: [applied.after, later],
    recent: [],
    latest: new Date(arrival),
  } satisfies Looks
  expect(stale({ ...looks, at: '2026-06-01T09:15:00.000Z' })).toBe(true)
  expect(stale({ ...looks, at: '2026-06-01T09:15:00.001Z' })).toBe(false)
})

test('a process that has not run for that long can’t tell that it is: somebody may have set the clock before', () => {
  const looks = { known: [applied.after, later], at: '2026-06-01T10:00:00.000Z' } satisfies Looks
  expect(stale({ ...looks, seen: [byHand, earlier] })).toBe(true)
  const longer = answeredWith({ kind: 'taken' }, { arrival: '2026-06-01T11:00:00.000Z' })
  expect(stale({ ...looks, seen: [applied.before, null], recent: [longer] })).toBe(false)
  expect(stale({ seen: [applied.before, null], recent: [longer] })).toBe(true)
})
