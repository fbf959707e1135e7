import { describe, expect, test } from 'vitest'
import type { Change } from '../../../src/domain/change/change.ts'
import type { ChangeEvent } from '../../../src/domain/change/event.ts'
import { evolve } from '../../../src/domain/change/evolve.ts'
import type { Lease } from '../../../src/domain/change/parts.ts'
import { type Answer, allWrittenBy } from '../../../src/domain/change/write.ts'
import { arrivalIn } from '../../../src/domain/looks/arrival.ts'
import { outsideEdit } from '../../../src/domain/looks/outside-edit.ts'
import {
  beforeWriting,
  interrupt,
  noteAnswer,
  refuse,
  settle,
  turnDownUnlooked,
  unlooked,
} from '../../../src/domain/looks/settle.ts'
import type { Settings } from '../../../src/domain/token/token.ts'
import {
  amendedAfterSending,
  answeredWith,
  applying,
  inEveryStatus,
  lease as legacy,
  proposedAt,
} from '../../support/changes.ts'
import { settings } from '../../support/world.ts'

const before = settings()
const after = settings({ name: 'ci-release', expiresOn: '2028-01-01' })
const arrival = '2026-06-01T09:15:00.000Z'
const lease = { ...legacy, arrival }
const change = begun(applying({ before, after }))

const lives: Record<string, Settings> = {
  after,
  before,
  partly: settings({ name: 'ci-release' }),
  other: settings({ description: 'edited by hand' }),
  'asked and other': { ...after, description: 'edited by hand' },
  'a third value': settings({ name: 'somebody-elses' }),
  'in other writing': { ...after, name: ' ci-release ', expiresOn: '2028-01-01T23:59:59.999Z' },
}

const early = new Date('2026-06-01T09:00:59.999Z')
const late = new Date(lease.until)
const tooLate = new Date(arrival)

const answers = {
  taken: { kind: 'taken' },
  refused: { kind: 'refused', why: 'why refused' },
  busy: { kind: 'busy', why: 'why busy' },
  unknown: { kind: 'unknown', why: 'why unknown' },
  none: { kind: 'none', why: 'why none' },
} as const satisfies Record<Answer['kind'], Answer>

function answered(answer: Answer, over?: string) {
  return answeredWith(answer, { arrival, asked: { before, after }, ...(over !== undefined && { over }) })
}

/** An apply from a version that keeps the stack's answer. */
function begun(change: ReturnType<typeof applying>) {
  return { ...change, lease, sends: [] }
}

type Look = { at?: Date; editedAt?: string | null; recent?: Change[]; under?: Lease }

/** The meaning of a look that shows `live`, or null if the stack showed something older than what is known. */
function judged(
  of: Change,
  live: Settings | null,
  { at = early, editedAt = null, recent = [], under = lease }: Look = {},
) {
  const look = live && { settings: live, editedAt }
  return settle(of, { look, lease: under, at, recent, isOver: at.toISOString() >= under.until })
}

/** The event in short: everything that is told and kept about it. */
function short(event: ChangeEvent | null): string {
  if (event === null) return 'not yet'
  if (event.type === 'applied')
    return [
      event.written ? 'applied, written' : 'applied, not written',
      ...(event.stored ? [`made it ${event.stored.name}`] : []),
      ...(event.live ? ['moved since'] : []),
    ].join(', ')
  if (event.type === 'apply_interrupted') return `interrupted: ${event.why}`
  if (event.type === 'apply_refused') return event.why.startsWith('why') ? 'refused' : keptOrNot(event.why)
  if (event.type === 'apply_unseen') return 'look again'
  return event.type
}

function keptOrNot(why: string): string {
  return why.includes('no look has shown it since') ? 'not shown' : 'kept'
}

function table(at: Date) {
  return Object.fromEntries(
    Object.entries(lives).map(([name, live]) => [
      name,
      Object.fromEntries(
        Object.entries(answers).map(([kind, answer]) => [kind, short(judged(answered(answer), live, { at }))]),
      ),
    ]),
  )
}

const drift = 'drift_found'
const done = 'applied, written'
const already = 'applied, not written'

/** Results that do not depend on whether the lease is over. */
const always = {
  after: { taken: done, refused: already, busy: already, unknown: done, none: done },
  partly: { taken: 'kept', refused: 'refused', busy: drift, unknown: drift, none: drift },
  'asked and other': {
    taken: `${done}, moved since`,
    refused: drift,
    busy: drift,
    unknown: `${done}, moved since`,
    none: `${done}, moved since`,
  },
  'in other writing': {
    taken: `${done}, made it  ci-release `,
    refused: `${already}, made it  ci-release `,
    busy: `${already}, made it  ci-release `,
    unknown: `${done}, made it  ci-release `,
    none: `${done}, made it  ci-release `,
  },
}
const stopped = { refused: 'refused', busy: drift, unknown: drift, none: drift }

describe('the verdict on an apply', () => {
  test('while its lease holds, a write is neither called lost nor, once it was taken, not taken', () => {
    const waits = { refused: 'refused', busy: 'interrupted: why busy', unknown: 'not yet', none: 'not yet' }
    expect(table(early)).toEqual({
      ...always,
      before: { ...waits, taken: 'not yet' },
      other: { ...stopped, taken: 'not yet' },
      'a third value': { ...stopped, taken: 'not yet' },
    })
  })

  test('once its lease is over, a write that was taken is looked at again, and any other is judged', () => {
    const lost = 'interrupted: no update was seen to arrive'
    expect(table(late)).toEqual({
      ...always,
      before: { taken: 'look again', refused: 'refused', busy: 'interrupted: why busy', unknown: lost, none: lost },
      other: { ...stopped, taken: 'look again' },
      'a third value': { ...stopped, taken: 'look again' },
    })
  })

  test('a write that was taken, and is not seen though no look can be that old any more, is named', () => {
    expect(table(tooLate)).toMatchObject({
      before: { taken: 'not shown' },
      other: { taken: drift },
      'a third value': { taken: drift },
    })
  })

  test('whatever the clock shows, an update that nobody answered is given up only once the lease is over', () => {
    const of = answered(answers.none)
    const look = { settings: before, editedAt: null }
    for (const at of [new Date('2026-05-31T09:00:00.000Z'), early, tooLate]) {
      const seen = { look, lease, at, recent: [] }
      expect(settle(of, { ...seen, isOver: false })).toBeNull()
      expect(settle(of, { ...seen, isOver: true })).toMatchObject({ type: 'apply_interrupted' })
    }
  })

  test('without a look, only what the stack refused or did not even try is turned down, and under its own lease', () => {
    const of = (answer: Answer, under = lease, already = answered(answer)) =>
      short(turnDownUnlooked(already, { lease: under, at: early }))
    expect(Object.fromEntries(Object.entries(answers).map(([kind, answer]) => [kind, of(answer)]))).toEqual({
      taken: 'not yet',
      refused: 'refused',
      busy: 'interrupted: why busy',
      unknown: 'not yet',
      none: 'not yet',
    })
    expect(of(answers.busy, { ...lease, holder: 'second' })).toBe('not yet')
    expect(of(answers.refused, { ...lease, holder: 'second' })).toBe('not yet')
    const sends = [{ sentAt: proposedAt, until: proposedAt, answer: 'none' as const }]
    expect(of(answers.refused, lease, { ...answered(answers.refused), sends })).toBe('not yet')
  })

  test('without any look, says why, and looks again sooner for what was sent a moment ago, under its own lease', () => {
    const why = 'the stack is down'
    const until = (at: Date, under = lease) => {
      const event = unlooked(answered(answers.unknown), { why, lease: under, at })
      return event && 'lookAt' in event && `${event.why} ${(Date.parse(event.lookAt) - at.getTime()) / 1000}`
    }
    expect([early, tooLate].map((at) => until(at))).toEqual([`${why} 59.999`, `${why} 300`])
    expect(until(early, { ...lease, holder: 'second' })).toBeNull()
  })

  test.each<[string, Lease]>([
    ['of another process', { ...lease, holder: 'second' }],
    ['taken later', { ...lease, until: '2026-06-01T09:05:00.000Z' }],
  ])('a look begun under a lease %s is out of date', (_, other) => {
    const under = { lease: other, at: late }
    for (const live of Object.values(lives)) expect(judged(answered(answers.taken), live, { under: other })).toBeNull()
    expect(interrupt(change, { why: 'x', ...under })).toBeNull()
    expect(refuse(change, { why: 'x', ...under })).toBeNull()
    expect(noteAnswer(change, { ...under, answer: answers.taken, sentAt: proposedAt, over: null })).toBeNull()
  })

  test('a change that is not being applied is not judged', () => {
    for (const other of inEveryStatus().filter(({ status }) => status !== 'applying')) {
      expect(judged(other, after, { at: late })).toBeNull()
      expect(interrupt(other, { why: 'x', lease, at: late })).toBeNull()
      expect(refuse(other, { why: 'x', lease, at: late })).toBeNull()
      expect(noteAnswer(other, { lease, at: late, answer: answers.taken, sentAt: proposedAt, over: null })).toBeNull()
    }
  })

  test('drift keeps what was found instead, to show both', () => {
    const event = judged(answered(answers.none), lives.other!, { at: late })
    expect(event).toEqual({ type: 'drift_found', at: late.toISOString(), live: lives.other, undated: true })
    expect(evolve(change, event!)).toMatchObject({ status: 'drifted', live: lives.other })
  })

  test('fields that the stack did not take are named, with the value that it kept', () => {
    const of = answered({ ...answers.taken, stored: lives.partly! })
    expect(judged(of, lives.partly!)).toMatchObject({
      type: 'apply_refused',
      why: 'the stack kept the old value of Expires (still 2027-01-31)',
    })
  })

  test('what the stack kept of an update, an earlier unanswered one may have brought by the time of the look', () => {
    const at = late.toISOString()
    const tried = evolve(answered(answers.none), { type: 'apply_interrupted', at, why: 'lost', retryAt: at })
    const again: ChangeEvent[] = [
      { type: 'apply_started', at, lease, seal: 'sealed' },
      { type: 'write_answered', at, sentAt: at, answer: { ...answers.taken, stored: lives.partly! } },
    ]
    const of = again.reduce(evolve, tried)
    expect(judged(of, lives.after!)).toMatchObject({ type: 'applied', written: true, sentAt: proposedAt })
    expect(judged(of, lives.partly!)).toMatchObject({ type: 'apply_refused', why: expect.stringContaining('kept') })
    expect(judged(answered({ ...answers.taken, stored: lives.partly! }), lives.after!)).toHaveProperty(
      'type',
      'apply_refused',
    )
  })

  test('a field that only a look shows as before may have been set back by somebody, and is not called kept', () => {
    expect(judged(answered(answers.taken), lives.partly!)).toMatchObject({
      type: 'apply_refused',
      why: 'a look shows the old value of Expires (still 2027-01-31): the stack has kept it, or somebody has set it back',
    })
  })

  test('several fields that the stack did not take are told apart', () => {
    const asked = { before, after: settings({ name: 'ci-release', expiresOn: null, emailNotice: false }) }
    const of = answeredWith(answers.taken, { arrival, asked })
    expect(judged(of, settings({ name: 'ci-release' }))).toMatchObject({
      why: expect.stringContaining('Expires (still 2027-01-31), E-mail 7 days before expiry (still yes)'),
    })
  })

  test('rate limits that were not taken are explained as a feature of the plan', () => {
    const asked = { before, after: settings({ rateLimits: { kind: 'custom', read: 5, write: 2 } }) }
    const of = answeredWith({ kind: 'taken', stored: before, editedAt: '2026-06-01T09:00:01.000Z' }, { arrival, asked })
    expect(judged(of, before, { editedAt: '2026-06-01T09:00:01.000Z' })).toMatchObject({
      type: 'apply_refused',
      why: expect.stringContaining("Rate limits (still the organisation's: custom limits are a plan feature"),
    })
  })

  test('a look older than what is known is never judged by', () => {
    for (const [kind, answer] of Object.entries(answers)) {
      expect(judged(answered(answer), null), kind).toBeNull()
      expect(judged(answered(answer), null, { at: late }), kind).toMatchObject({ type: 'apply_unseen' })
    }
  })

  test('an unknown outcome is looked at again after ever longer waits, of 10 seconds to 5 minutes', () => {
    const waits = ['09:01:00', '09:03:00', '09:14:00'].map((time) => {
      const at = new Date(`2026-06-01T${time}.000Z`)
      const event = judged(answered(answers.taken), before, { at })
      if (event?.type !== 'apply_unseen') throw new Error('expected another look')
      return (Date.parse(event.lookAt) - at.getTime()) / 1000
    })
    expect(waits).toEqual([60, 180, 300])
  })
})

describe('the times that a stack gives', () => {
  const over = '2026-06-01T08:00:00.000Z'
  const written = '2026-06-01T09:00:01.000Z'
  const since = '2026-06-01T09:00:02.000Z'
  const stored = settings({ name: 'CI-RELEASE', expiresOn: '2028-01-01' })
  const told = answered({ kind: 'taken', stored, editedAt: written }, over)
  const untold = answered(answers.taken, over)

  test('show that a look is from before the update, whatever it shows', () => {
    for (const live of [before, lives.other!]) {
      expect(short(judged(told, live, { editedAt: over }))).toBe('not yet')
      expect(short(judged(untold, live, { editedAt: over }))).toBe('not yet')
    }
  })

  test('are no reason to doubt what was asked for if a look gives them in whole seconds only', () => {
    const within = answered({ kind: 'taken', stored, editedAt: '2026-06-01T09:00:01.789Z' }, over)
    for (const live of [stored, within.after])
      expect(judged(within, live, { editedAt: written })).toMatchObject({ type: 'applied', written: true })
    expect(short(judged(within, before, { editedAt: written }))).toBe('not yet')
    expect(short(judged(within, stored, { editedAt: '2026-06-01T09:00:00.000Z' }))).toBe('not yet')
  })

  test("show the stack's form of the update, which is neither a failure nor a drift", () => {
    expect(judged(told, stored, { editedAt: written })).toEqual({
      type: 'applied',
      at: early.toISOString(),
      written: true,
      stored,
      sentAt: proposedAt,
    })
  })

  test("show that somebody edited the token after the update, which keeps the stack's answer to it", () => {
    const live = settings({ name: 'somebody-elses', description: 'by hand' })
    expect(judged(told, live, { editedAt: since })).toMatchObject({ type: 'applied', written: true, stored, live })
    expect(judged(told, before, { editedAt: since })).toMatchObject({ type: 'applied', stored, live: before })
    const dropped = answered({ kind: 'taken', stored: before, editedAt: written }, over)
    expect(short(judged(dropped, live, { editedAt: since }))).toBe('kept')
  })

  test('show at once that the stack took nothing, if it has edited the token and kept all of it', () => {
    const echo = answered({ kind: 'taken', stored: after, editedAt: written }, over)
    expect(short(judged(echo, before, { editedAt: written }))).toBe('kept')
  })

  test('do not show whose edit it was, if the answer did not say when it was stored', () => {
    expect(short(judged(untold, before, { editedAt: written }))).toBe('not yet')
    expect(short(judged(untold, lives.other!, { editedAt: written }))).toBe('not yet')
    expect(short(judged(untold, lives.partly!, { editedAt: written }))).toBe('kept')
  })

  test("show the stack's form of a field beside what came as asked, if its answer does not", () => {
    const live = settings({ name: 'Somebody &amp; else', expiresOn: '2028-01-01T23:59:59.999Z' })
    expect(judged(untold, live, { editedAt: written })).toMatchObject({ type: 'applied', stored: live })
    const all = settings({ name: 'Somebody &amp; else', expiresOn: '2029-01-01' })
    expect(short(judged(untold, all, { editedAt: written }))).toBe('not yet')
    for (const editedAt of [written, over, '2026-06-01T09:01:00.001Z'])
      expect(short(judged(untold, all, { editedAt, at: late }))).toBe('look again')
    expect(short(judged(untold, all, { editedAt: written, at: tooLate }))).toBe('drift_found')
  })

  test('do not show who changed a field that nobody asked about', () => {
    const live = { ...lives.partly!, expiresOn: after.expiresOn, emailNotice: false }
    expect(judged(untold, live, { editedAt: written })).toEqual(expect.objectContaining({ type: 'applied', live }))
  })

  test('show that the answer itself is from before the update, so that the look counts', () => {
    const behind = answered({ kind: 'taken', stored: before, editedAt: over }, over)
    expect(short(judged(behind, before, { editedAt: over }))).toBe('not yet')
    expect(short(judged(behind, after, { editedAt: written }))).toBe(done)
    expect(short(judged(behind, before, { editedAt: over, at: tooLate }))).toBe('not shown')
  })

  test('do not count if the update left them as they were', () => {
    const still = answered({ kind: 'taken', stored: after, editedAt: over }, over)
    expect(short(judged(still, before, { editedAt: over }))).toBe('not yet')
    expect(short(judged(still, after, { editedAt: over }))).toBe(done)
  })
})

test("without times, the stack's form of a field shows that a look is from after the update, whatever else was edited", () => {
  const stored = settings({ name: 'c &amp; i', expiresOn: '2028-01-01' })
  const live = { ...stored, expiresOn: before.expiresOn, description: 'by hand' }
  expect(judged(answered({ kind: 'taken', stored }), live)).toMatchObject({ type: 'applied', stored, live })
})

test("without times, a text like the one that was sent is the stack's form of it", () => {
  const live = settings({ name: 'CI RELEASE', expiresOn: '2028-01-01' })
  for (const answer of [answers.taken, answers.none])
    expect(judged(answered(answer), live)).toMatchObject({ type: 'applied', written: true, stored: live })
  expect(short(judged(answered(answers.refused), live))).toBe('refused')
})

describe('without times', () => {
  test("exactly the stack's answer shows that a look is from after the update", () => {
    const partly = answered({ kind: 'taken', stored: lives.partly })
    expect(short(judged(partly, lives.partly!))).toBe('kept')
    const made = answered({ kind: 'taken', stored: settings({ name: 'CI-RELEASE', expiresOn: '2028-01-01' }) })
    expect(short(judged(made, settings({ name: 'CI-RELEASE', expiresOn: '2028-01-01' })))).toBe(
      'applied, written, made it CI-RELEASE',
    )
  })

  test('an answer that shows the old state is believed no more than a look that does', () => {
    const behind = answered({ kind: 'taken', stored: before })
    expect(short(judged(behind, before))).toBe('not yet')
    expect(short(judged(behind, after))).toBe(done)
    expect(short(judged(behind, before, { at: tooLate }))).toBe('not shown')
  })

  test('the old state proves nothing, though it is another form of what was sent', () => {
    const asked = { before, after: { ...before, name: 'ci-release', description: ` ${before.description} ` } }
    const sent = (answer: Answer, over = asked) => answeredWith(answer, { arrival, asked: over })
    const endOfDay = settings({ name: 'ci-release', expiresOn: `${before.expiresOn}T23:59:59.999Z` })
    for (const stored of [undefined, before, endOfDay])
      expect(short(judged(sent({ kind: 'taken', ...(stored && { stored }) }), before))).toBe('not yet')
    const alone = { before, after: { ...before, description: ` ${before.description} ` } }
    for (const stored of [undefined, before])
      expect(judged(sent({ kind: 'taken', ...(stored && { stored }) }, alone), before)?.type).toBe('applied')
  })

  test('what the answer showed was written, whoever has changed it before any look', () => {
    const shown = answered({ kind: 'taken', stored: after })
    expect(short(judged(shown, before))).toBe('not yet')
    const event = judged(shown, before, { at: tooLate })!
    expect(short(event)).toBe(`${done}, moved since`)
    expect(allWrittenBy(evolve(shown, event)).at(-1)).toMatchObject({ kind: 'taken', unseen: true })
  })
})

describe('an update that the stack said it took, and no look has shown in time', () => {
  test('is looked for again until enough time has passed, whatever the clock shows, and no longer', () => {
    const change = answered(answers.taken)
    const look = { settings: before, editedAt: null }
    const seen = { look, lease, at: tooLate, recent: [], isOver: true }
    expect(settle(change, seen)?.type).toBe('apply_refused')
    expect(settle(change, { ...seen, isLate: false })?.type).toBe('apply_unseen')
    expect(settle(change, { ...seen, at: new Date(lease.until), isLate: true })?.type).toBe('apply_refused')
  })

  const event = judged(answered(answers.taken), before, { at: tooLate })!
  const ended = evolve(answered(answers.taken), event)

  test('is reported with what looks show, and is not said to have been kept', () => {
    expect(event).toMatchObject({
      type: 'apply_refused',
      why: 'the stack said that it took the update, but no look has shown it since: looks show Name (still ci-deploy), Expires (still 2027-01-31)',
    })
  })

  test('is looked for during a week, and reported once it is seen', () => {
    const justInTime = '2026-06-08T09:29:59.999Z'
    const arrived = arrivalIn(ended, after, justInTime)
    expect(arrived).toMatchObject({ type: 'write_arrived', sentAt: proposedAt })
    expect(arrivalIn(ended, before, justInTime)).toBeNull()
    expect(arrivalIn(ended, after, '2026-06-08T09:30:00.000Z')).toBeNull()
    expect(allWrittenBy(evolve(ended, arrived!)).at(-1)).toMatchObject({ kind: 'seen', seenAt: justInTime })
  })

  test("is not somebody's edit if it is seen then", () => {
    expect(outsideEdit([ended], { before, live: after, since: '2026-06-05T09:00:00.000Z' })).toBeNull()
  })

  test('is not drift if times show that every look is from before it', () => {
    const told = answered(
      { kind: 'taken', stored: after, editedAt: '2026-06-01T09:00:01.000Z' },
      '2026-06-01T08:00:00.000Z',
    )
    for (const live of [before, lives.other!])
      expect(short(judged(told, live, { editedAt: '2026-06-01T08:00:00.000Z', at: tooLate }))).toBe('not shown')
  })
})

describe('the look before writing', () => {
  const found = (of: Change, live: Settings | null) =>
    beforeWriting(of, {
      look: live && { settings: live, editedAt: null },
      lease,
      at: early,
      recent: [],
    })

  test('lets a token be written only while it is, by meaning, as the requester saw it', () => {
    expect(found(change, before)).toBeNull()
    expect(found(change, { ...before, branches: ['development', 'main'] })).toBeNull()
    for (const name of ['after', 'partly', 'other', 'asked and other', 'a third value', 'in other writing'])
      expect(found(change, lives[name]!), name).not.toBeNull()
  })

  test('finds nothing left to write, which somebody else did unless an earlier update may have', () => {
    expect(short(found(change, after))).toBe(already)
    expect(short(found({ ...change, interruptions: 1 }, after))).toBe(already)
    expect(short(found({ ...applying({ before, after }), interruptions: 1 }, after))).toBe(done)
    const sent = evolve(answered(answers.none), {
      type: 'apply_interrupted',
      at: proposedAt,
      why: '',
      retryAt: proposedAt,
    })
    const again = evolve(sent, { type: 'apply_started', at: proposedAt, lease, seal: '' })
    expect(short(found(again, after))).toBe(done)
    expect(short(found(again, lives['asked and other']!))).toBe(`${done}, moved since`)
    expect(short(found(change, lives['asked and other']!))).toBe(drift)
  })

  test('finds a state that nothing was sent for to be somebody else’s doing, though an earlier revision was sent', () => {
    const amended = amendedAfterSending(arrival, after)
    const began = evolve(
      { ...amended, status: 'approved', interruptions: 1, interruption: null },
      { type: 'apply_started', at: proposedAt, lease, seal: '' },
    )
    const event = found(began, after)
    expect(event).toMatchObject({ type: 'applied', written: false, sentAt: null })
    expect(allWrittenBy(evolve(began, event!)).at(-1)).toMatchObject({ kind: 'perhaps', earlier: true })
    expect(found(began, amended.sends![0]!.after!)).toMatchObject({ by: [began.id], elsewhere: false })
  })

  test('does not believe a state older than what is known, and looks again later', () => {
    expect(short(found(change, null))).toMatch(/^interrupted: the stack showed an older state of the token/)
  })
})

test('an answer is kept once, with when the update was sent and over which edit', () => {
  const given = {
    lease: legacy,
    at: early,
    answer: answers.taken,
    sentAt: proposedAt,
    over: '2026-06-01T08:00:00.000Z',
  }
  const event = noteAnswer(change, given)!
  expect(event).toEqual({
    type: 'write_answered',
    at: early.toISOString(),
    sentAt: proposedAt,
    answer: answers.taken,
    over: '2026-06-01T08:00:00.000Z',
  })
  expect(noteAnswer(evolve(change, event), given)).toBeNull()
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

test('a stack that refuses for good before anything was sent fails the change in its own words', () => {
  expect(refuse(change, { why: 'no such token', lease, at: early })).toEqual({
    type: 'apply_refused',
    at: early.toISOString(),
    why: 'no such token',
  })
})
