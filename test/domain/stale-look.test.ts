import { describe, expect, test } from 'vitest'
import type { Change } from '../../src/domain/change.ts'
import { evolve } from '../../src/domain/evolve.ts'
import { isStale } from '../../src/domain/stale-look.ts'
import { answeredWith, proposedAt, sentAndEnded } from '../support/changes.ts'
import { settings } from '../support/world.ts'

const arrival = '2026-06-01T09:15:00.000Z'
const [earlier, later] = ['2026-06-01T08:00:00.000Z', '2026-06-01T09:00:00.000Z']
const taken = answeredWith({ kind: 'taken' }, { arrival })
const applied = evolve(taken, { type: 'applied', at: proposedAt, written: true })
const byHand = settings({ description: 'by hand' })

type Looks = {
  seen?: [typeof byHand, string | null]
  known?: [typeof byHand, string | null]
  recent?: Change[]
  at?: string
}

function stale({
  seen = [applied.before, null],
  known = [applied.after, null],
  recent = [applied],
  at = later,
}: Looks) {
  const [settings, editedAt] = seen
  const asKnown = { settings: known[0], editedAt: known[1], seenAt: '2026-06-01T09:00:00.000Z' }
  return isStale({ settings, editedAt }, asKnown, { recent, at: new Date(at) })
}

describe('where a stack tells when a token was edited last', () => {
  test('a look that tells of an earlier edit than is known is stale, whatever it shows', () => {
    expect(stale({ seen: [byHand, earlier], known: [applied.after, later], recent: [] })).toBe(true)
    expect(stale({ seen: [byHand, later], known: [applied.after, earlier], recent: [] })).toBe(false)
  })

  test('a later edit is news, though it made the token what it was before ours', () => {
    expect(stale({ seen: [applied.before, later], known: [applied.after, earlier] })).toBe(false)
  })

  test('instants are compared, and not the ways to write them', () => {
    const [written, sooner] = ['2026-06-01T10:30:00.000+02:00', '2026-06-01T08:29:59.000Z']
    expect(stale({ seen: [byHand, sooner], known: [applied.after, written], recent: [] })).toBe(true)
    expect(stale({ seen: [byHand, written], known: [applied.after, sooner], recent: [] })).toBe(false)
  })

  test('what is no time tells nothing', () => {
    expect(stale({ seen: [byHand, 'yesterday'], known: [applied.after, later], recent: [] })).toBe(false)
  })
})

describe('where it does not tell', () => {
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

  test('the same holds when the two looks tell of the same edit', () => {
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

  test('what the stack made of the update is what it left', () => {
    const stored = settings({ name: 'CI-RELEASE' })
    const made = evolve(taken, { type: 'applied', at: proposedAt, written: true, stored })
    expect(stale({ known: [stored, null], recent: [made] })).toBe(true)
    const moved = evolve(taken, { type: 'applied', at: proposedAt, written: true, stored, live: byHand })
    expect(stale({ known: [stored, null], recent: [moved] })).toBe(false)
    expect(stale({ known: [byHand, null], recent: [moved] })).toBe(true)
  })
})

test('a quarter of an hour later nothing is stale: what a stack shows for so long is what it has', () => {
  const looks = { seen: [byHand, earlier], known: [applied.after, later], recent: [] } satisfies Looks
  expect(stale({ ...looks, at: '2026-06-01T09:15:00.000Z' })).toBe(true)
  expect(stale({ ...looks, at: '2026-06-01T09:15:00.001Z' })).toBe(false)
})
