import { describe, expect, test } from 'vitest'
import { type ChangeEvent, evolve, type Lease } from '../../src/domain/change.ts'
import { interrupt, mayWrite, noticeDrift, refuse, settle, type WriteSeen } from '../../src/domain/settle.ts'
import type { Settings } from '../../src/domain/token.ts'
import { applying, inEveryStatus, lease, pending, proposedAt } from '../support/changes.ts'
import { settings } from '../support/world.ts'

const before = settings()
const after = settings({ name: 'ci-release', expiresOn: '2028-01-01' })
const change = applying({ before, after })

const lives: Record<string, Settings> = {
  after,
  before,
  partly: settings({ name: 'ci-release' }),
  other: settings({ description: 'edited by hand' }),
  'asked and other': { ...after, description: 'edited by hand' },
  'a third value': settings({ name: 'somebody-elses' }),
}

const early = new Date('2026-06-01T09:00:59.999Z')
const late = new Date(lease.until)

function write(kind: WriteSeen['kind']): WriteSeen {
  return kind === 'none' || kind === 'taken' ? { kind } : { kind, why: `why ${kind}` }
}

/** The event in short: what is told and kept of it. */
function short(event: ChangeEvent | null): string {
  if (event?.type === 'applied') return event.written ? 'applied, written' : 'applied, not written'
  if (event?.type === 'apply_interrupted') return `interrupted: ${event.why}`
  if (event?.type === 'apply_refused') return event.why.startsWith('why') ? 'refused' : 'kept'
  return event?.type ?? 'not yet'
}

function table(at: Date) {
  const kinds = ['taken', 'refused', 'busy', 'unknown', 'none'] as const
  return Object.fromEntries(
    Object.entries(lives).map(([name, live]) => [
      name,
      Object.fromEntries(kinds.map((kind) => [kind, short(settle(change, { live, write: write(kind), lease, at }))])),
    ]),
  )
}

const drift = 'drift_found'
const stopped = { taken: drift, refused: 'refused', busy: drift, unknown: drift, none: drift }

describe('the verdict on an apply', () => {
  test('while its lease holds, a write without an answer is not called lost', () => {
    const done = 'applied, written'
    expect(table(early)).toEqual({
      after: { taken: done, refused: done, busy: done, unknown: done, none: 'applied, not written' },
      before: { taken: 'kept', refused: 'refused', busy: 'interrupted: why busy', unknown: 'not yet', none: 'not yet' },
      partly: { ...stopped, taken: 'kept' },
      other: stopped,
      'asked and other': stopped,
      'a third value': stopped,
    })
  })

  test('from the instant its lease is over, it is judged by the token alone', () => {
    const done = 'applied, written'
    const lost = 'interrupted: the write did not arrive'
    expect(table(late)).toEqual({
      after: { taken: done, refused: done, busy: done, unknown: done, none: done },
      before: { taken: 'kept', refused: 'refused', busy: 'interrupted: why busy', unknown: lost, none: lost },
      partly: { ...stopped, taken: 'kept' },
      other: stopped,
      'asked and other': stopped,
      'a third value': stopped,
    })
  })

  test.each<[string, Lease]>([
    ['of another process', { ...lease, holder: 'second' }],
    ['taken later', { ...lease, until: '2026-06-01T09:05:00.000Z' }],
  ])('a look begun under a lease %s is out of date', (_, other) => {
    for (const live of Object.values(lives))
      expect(settle(change, { live, write: { kind: 'taken' }, lease: other, at: late })).toBeNull()
    expect(interrupt(change, { why: 'x', lease: other, at: late })).toBeNull()
    expect(refuse(change, { why: 'x', lease: other, at: late })).toBeNull()
  })

  test('a change that is not being applied is not judged', () => {
    for (const other of inEveryStatus().filter(({ status }) => status !== 'applying')) {
      expect(settle(other, { live: after, write: { kind: 'taken' }, lease, at: late })).toBeNull()
      expect(interrupt(other, { why: 'x', lease, at: late })).toBeNull()
      expect(refuse(other, { why: 'x', lease, at: late })).toBeNull()
    }
  })

  test('drift keeps what was found instead, to show both', () => {
    const event = settle(change, { live: lives.other!, write: { kind: 'none' }, lease, at: late })
    expect(event).toEqual({ type: 'drift_found', at: late.toISOString(), live: lives.other })
    expect(evolve(change, event!)).toMatchObject({ status: 'drifted', live: lives.other })
  })

  test('fields that the stack did not take are named, with the value that it kept', () => {
    const event = settle(change, { live: lives.partly!, write: { kind: 'taken' }, lease, at: early })
    expect(event).toMatchObject({
      type: 'apply_refused',
      why: 'the stack answered that it took the update, but kept the old value of Expires (still 2027-01-31)',
    })
  })

  test('rate limits that were not taken are explained as a feature of the plan', () => {
    const faster = applying({ before, after: settings({ rateLimits: { kind: 'custom', read: 5, write: 2 } }) })
    expect(settle(faster, { live: before, write: { kind: 'taken' }, lease, at: early })).toMatchObject({
      type: 'apply_refused',
      why: expect.stringContaining("Rate limits (still the organisation's: custom limits are a plan feature"),
    })
  })
})

test('a token is written only while it is, by meaning, as the requester saw it', () => {
  expect(mayWrite(change, before)).toBe(true)
  expect(mayWrite(change, { ...before, branches: ['development', 'main'] })).toBe(true)
  expect(mayWrite(change, after)).toBe(false)
  expect(mayWrite(change, lives.partly!)).toBe(false)
})

test('an interrupted apply is tried again after 10, 30, 60, then every 300 seconds', () => {
  const waits: number[] = []
  let at = early
  let now = change
  for (let i = 0; i < 6; i++) {
    const event = interrupt(now, { why: 'stack down', lease, at })
    if (event?.type !== 'apply_interrupted') throw new Error('expected an interruption')
    waits.push((Date.parse(event.retryAt) - at.getTime()) / 1000)
    at = new Date(event.retryAt)
    now = evolve(evolve(now, event), { type: 'apply_started', at: event.retryAt, lease, seal: '' }) as typeof change
  }
  expect(waits).toEqual([10, 30, 60, 300, 300, 300])
})

test('a stack that says no for good before anything was sent fails the change in its own words', () => {
  expect(refuse(change, { why: 'no such token', lease, at: early })).toEqual({
    type: 'apply_refused',
    at: early.toISOString(),
    why: 'no such token',
  })
})

test('a change that was tried before is never called applied without a write: the earlier try may have arrived since', () => {
  const again = applying({ before, after })
  const look = { live: after, write: { kind: 'none' }, lease, at: early } as const
  expect(settle(again, look)).toMatchObject({ type: 'applied', written: false })
  expect(settle({ ...again, interruptions: 1 }, look)).toMatchObject({ type: 'applied', written: true })
})

test('several fields that the stack did not take are told apart', () => {
  const asked = applying({ before, after: settings({ name: 'ci-release', expiresOn: null, emailNotice: false }) })
  const live = settings({ name: 'ci-release' })
  expect(settle(asked, { live, write: { kind: 'taken' }, lease, at: early })).toMatchObject({
    why: expect.stringContaining('Expires (still 2027-01-31), E-mail 7 days before expiry (still yes)'),
  })
})

describe('a look at the token of a change that has not begun to be applied', () => {
  const at = early.toISOString()
  const seen = { began: at, at }

  test('finds drift while it waits for approvals, and only when it has moved by meaning', () => {
    expect(noticeDrift(pending(), lives.other!, seen)).toEqual({ type: 'drift_found', at, live: lives.other })
    expect(noticeDrift(pending(), before, seen)).toBeNull()
    expect(noticeDrift(pending(), { ...before, branches: ['development', 'main'] }, seen)).toBeNull()
  })

  test('means nothing when it began before the change came to ask for what it asks for now', () => {
    const revised = { ...pending(), revisedAt: at }
    expect(noticeDrift(revised, lives.other!, { began: proposedAt, at })).toBeNull()
    expect(noticeDrift(revised, lives.other!, seen)).toMatchObject({ type: 'drift_found' })
  })

  test('is no news in any other status: applying looks for itself', () => {
    const stopped = inEveryStatus().filter((change) => noticeDrift(change, lives.other!, seen) !== null)
    expect(stopped.map(({ status }) => status)).toEqual(['pending'])
  })
})
