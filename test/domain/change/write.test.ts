import { addMinutes } from 'date-fns/addMinutes'
import { describe, expect, test } from 'vitest'
import type { Change } from '../../../src/domain/change/change.ts'
import type { ChangeEvent } from '../../../src/domain/change/event.ts'
import { evolve } from '../../../src/domain/change/evolve.ts'
import { isDue } from '../../../src/domain/change/lease.ts'
import {
  allWrittenBy,
  broughtBy,
  mayStillArrive,
  type Send,
  sendsWith,
  watchedUntil,
} from '../../../src/domain/change/write.ts'
import { arrivalIn } from '../../../src/domain/looks/arrival.ts'
import type { Settings } from '../../../src/domain/token/token.ts'
import {
  amendedAfterSending,
  answeredWith,
  applying,
  inEveryStatus,
  proposedAt,
  sentAndEnded,
  unanswered,
} from '../../support/changes.ts'
import { bob, proposal, settings } from '../../support/world.ts'

const at = proposedAt
const arrival = '2026-06-01T09:15:00.000Z'
const justBefore = '2026-06-01T09:14:59.999Z'
const why = 'so it came'

describe('what is known of what a change wrote', () => {
  test.each([
    ['refused', 'nothing'],
    ['busy', 'nothing'],
    ['unknown', 'perhaps'],
    ['none', 'perhaps'],
  ] as const)('is, of an update that was answered with %s, %s', (kind, known) => {
    expect(allWrittenBy(answeredWith({ kind, why }, { arrival })).at(-1)?.kind ?? 'nothing').toBe(known)
  })

  test('is that the stack took it, until it is seen on the token', () => {
    const taken = answeredWith({ kind: 'taken' }, { arrival })
    expect(allWrittenBy(taken).at(-1)).toMatchObject({ kind: 'taken', sentAt: at })
    const applied = evolve(taken, { type: 'applied', at: arrival, written: true })
    expect(allWrittenBy(applied).at(-1)).toMatchObject({ kind: 'seen', sentAt: at, seenAt: arrival, left: true })
  })

  test('is that the newest may still arrive, though the stack took one before it', () => {
    const sends: Send[] = [
      { sentAt: at, until: arrival, answer: 'taken' },
      { sentAt: justBefore, until: '2026-06-01T09:35:00.000Z', answer: 'none' },
    ]
    expect(allWrittenBy({ after: proposal().after, sends }).at(-1)).toMatchObject({
      kind: 'perhaps',
      sentAt: justBefore,
    })
  })

  test('is nothing for a change that was never sent, and for one from before this was kept', () => {
    for (const change of inEveryStatus()) expect(allWrittenBy(change)).toEqual([])
  })

  test('names the newest update with an unknown outcome, and until when it may arrive', () => {
    const once = unanswered(arrival)
    const later: Send = { sentAt: justBefore, until: '2026-06-01T09:30:00.000Z', answer: 'unknown' }
    expect(allWrittenBy({ ...once, sends: [...once.sends!, later] }).at(-1)).toMatchObject({
      kind: 'perhaps',
      sentAt: later.sentAt,
      until: later.until,
      left: true,
    })
  })

  test('is reported in full: one that was seen hides none that was taken since, nor one that may still arrive', () => {
    const seen: Send = { sentAt: '1', until: arrival, answer: 'unknown', seenAt: at }
    const lost: Send = { sentAt: '2', until: arrival, answer: 'none' }
    const sends: Send[] = [seen, lost, { ...lost, sentAt: '3' }, { sentAt: '4', until: arrival, answer: 'taken' }]
    expect(allWrittenBy({ after: proposal().after, sends })).toMatchObject([
      { kind: 'seen', sentAt: '1', seenAt: at, left: true },
      { kind: 'perhaps', sentAt: '3', until: arrival, left: false },
      { kind: 'taken', sentAt: '4' },
    ])
    expect(allWrittenBy(proposal())).toEqual([])
  })

  test('stays with a change however it goes on, with the request of that time', () => {
    for (const [, change] of sentAndEnded(arrival))
      expect(allWrittenBy(change).at(-1), change.status).toMatchObject({ kind: 'perhaps' })
    const waiting = sentAndEnded(arrival).at(-1)![1]
    const after = settings({ name: 'else' })
    const amended = evolve(waiting, { ...waiting, type: 'amended', at, by: bob, after, voids: [] })
    expect(amended.sends).toEqual([{ ...waiting.sends![0], after: waiting.after }])
    const again = evolve(amended, { ...amended, type: 'amended', at, by: bob, after: waiting.after, voids: [] })
    expect(again.sends).toEqual(amended.sends)
  })

  test('is judged by what was sent for its current request, otherwise for an earlier revision', () => {
    const amended = amendedAfterSending(arrival, settings({ name: 'else' }))
    expect(allWrittenBy(amended).at(-1)).toMatchObject({ kind: 'perhaps', earlier: true })
    expect(broughtBy(amended)).toBeNull()
    const again = {
      ...amended,
      sends: [...amended.sends!, { sentAt: justBefore, until: arrival, answer: 'taken' }],
    } as const
    expect(allWrittenBy(again).at(-1)).toMatchObject({ kind: 'taken', sentAt: justBefore, earlier: false })
    expect(broughtBy(again)).toMatchObject({ sentAt: justBefore })
    const [earlier, now] = again.sends
    expect(allWrittenBy({ ...again, sends: [{ ...earlier!, seenAt: arrival }, now!] }).at(-1)).toMatchObject({
      kind: 'taken',
    })
    const known = { ...now!, answer: 'none', seenAt: arrival } as const
    expect(broughtBy({ ...again, sends: [earlier!, known] })).toBe(known)
  })

  test('is kept for the last few updates', () => {
    const many = Array.from({ length: 9 }).reduce<readonly Send[]>(
      (sends, _, i) => sendsWith(sends, { sentAt: String(i), until: arrival, answer: 'none' }),
      [],
    )
    expect(many.map(({ sentAt }) => sentAt)).toEqual(['4', '5', '6', '7', '8'])
  })

  test('does not include an answer that comes when the change is no longer being applied', () => {
    const late: ChangeEvent = { type: 'write_answered', at, sentAt: at, answer: { kind: 'taken' } }
    for (const change of inEveryStatus().filter(({ status }) => status !== 'applying'))
      expect(evolve(change, late)).toBe(change)
  })
})

describe('an update that was never answered', () => {
  test('may arrive until its time, and is watched for as long', () => {
    const sent = unanswered(arrival)
    expect(mayStillArrive(sent, justBefore)).toMatchObject({ sentAt: at })
    expect(mayStillArrive(sent, arrival)).toBeNull()
    expect(watchedUntil(sent)).toBe(arrival)
    expect(watchedUntil(applying())).toBeNull()
  })

  test.each(sentAndEnded(arrival))('is found to have arrived when its change %s', (_, change) => {
    const event = arrivalIn(change, change.after, justBefore)
    expect(event).toEqual({ type: 'write_arrived', at: justBefore, sentAt: at })
    const arrived = evolve(change, event!)
    expect(arrived.status).toBe(change.status)
    expect(allWrittenBy(arrived).at(-1)).toMatchObject({ kind: 'seen', sentAt: at, seenAt: justBefore, left: false })
    expect(arrivalIn(arrived, change.after, justBefore)).toBeNull()
    expect(watchedUntil(arrived)).toBeNull()
  })

  test('is found beside whatever else somebody did to the token', () => {
    const change = sentAndEnded(arrival)[0]![1]
    expect(arrivalIn(change, { ...change.after, description: 'by hand' }, at)).not.toBeNull()
  })

  test('is not found in what the token was before, in part of what was asked for, or too late', () => {
    const asked = { after: settings({ name: 'ci-release', emailNotice: false }) }
    const sent = evolve(unanswered(arrival, asked), { type: 'apply_refused', at, why })
    expect(arrivalIn(sent, sent.before, at)).toBeNull()
    expect(arrivalIn(sent, settings({ name: 'ci-release' }), at)).toBeNull()
    expect(arrivalIn(sent, sent.after, arrival)).not.toBeNull()
    expect(arrivalIn(sent, sent.after, addMinutes(arrival, 15).toISOString())).toBeNull()
  })

  test('is not found in what another change of the token has written since, or may be writing now', () => {
    const [, stopped] = sentAndEnded(arrival)[4]!
    const look = arrival
    const found = (other: Change) => arrivalIn(stopped, stopped.after, look, { others: [other] })
    const other = { ...unanswered(arrival), id: 43 }
    const sends = (send: Partial<Send>) => ({ ...applying(), id: 43, sends: [{ ...other.sends![0]!, ...send }] })
    expect(found({ ...other, startedAt: justBefore })).toBeNull()
    expect(
      found({ ...sends({ sentAt: justBefore, answer: 'taken' }), status: 'failed', endedAt: look, why }),
    ).toBeNull()
    expect(found(sends({ sentAt: justBefore, seenAt: look }))).toBeNull()
    for (const nothing of [other, sends({ sentAt: justBefore }), sends({ sentAt: at, seenAt: look })])
      expect(found(nothing)).not.toBeNull()
  })

  test('is judged by its own looks while its change is applied, or about to be', () => {
    const sent = unanswered(arrival)
    const interrupted = evolve(sent, { type: 'apply_interrupted', at, why, retryAt: at })
    for (const change of [sent, interrupted]) expect(arrivalIn(change, sent.after, at)).toBeNull()
  })

  test('is looked for by what it asked for, even if its change now asks for something else', () => {
    const waiting = sentAndEnded(arrival).at(-1)![1]
    const after = settings({ name: 'else' })
    const amended = evolve(waiting, { ...waiting, type: 'amended', at, by: bob, after, voids: [] })
    expect(arrivalIn(amended, waiting.after, at)).toMatchObject({ sentAt: at })
    expect(arrivalIn(amended, after, at)).toBeNull()
  })
})

describe('another update of a change that has been applied', () => {
  const open = unanswered(arrival)
  const [first] = open.sends!
  const taken: Send = { sentAt: justBefore, until: '2026-06-01T09:30:00.000Z', answer: 'taken' }
  const lastOf = (sends: readonly Send[], stored?: Settings) =>
    evolve(
      { ...open, sends: [...sends, taken] },
      { type: 'applied', at: justBefore, written: true, sentAt: justBefore, ...(stored && { stored }) },
    )
  const applied = lastOf(open.sends!)
  const byHand = settings({ ...open.after, description: 'by hand' })
  const later = '2026-06-01T09:20:00.000Z'
  const edited = (after: Settings, at = arrival) => ({ at, after })
  const seen = (of: Change, live: Settings, edit: Parameters<typeof edited> | null = null) =>
    arrivalIn(of, live, later, { edited: edit && edited(...edit) })

  test('is found if it has undone an edit made since, as a whole or in the fields that were asked for', () => {
    expect(seen(applied, open.after)).toBeNull()
    expect(seen(applied, byHand, [byHand])).toBeNull()
    expect(seen(applied, open.after, [byHand])).toEqual({ type: 'write_arrived', at: later, sentAt: at })
    expect(seen(applied, byHand, [open.before])).not.toBeNull()
    expect(seen(applied, open.after, [byHand, justBefore])).toBeNull()
    expect(seen({ ...applied, live: byHand } as Change, open.after, [byHand, justBefore])).not.toBeNull()
  })

  test('still counts as possible then, since somebody may have brought that back', () => {
    const arrived = evolve(applied, seen(applied, open.after, [byHand])!)
    expect(mayStillArrive(arrived, justBefore)).toMatchObject({ sentAt: at })
    expect(mayStillArrive(arrived, arrival)).toBeNull()
    const stopped = sentAndEnded(arrival)[4]![1]
    const found = evolve(stopped, arrivalIn(stopped, stopped.after, at)!)
    expect(mayStillArrive(found, justBefore)).toBeNull()
  })

  test('is found in what the stack made of it', () => {
    const stored = settings({ ...open.after, expiresOn: null })
    const live = { ...stored, description: 'by hand' }
    expect(seen(lastOf(open.sends!, stored), stored, [live])).not.toBeNull()
  })

  test('is found once for each edit that was undone', () => {
    const thrice = lastOf([first!, { ...first!, sentAt: '2026-06-01T09:10:00.000Z' }])
    const event = seen(thrice, open.after, [byHand])!
    const arrived = evolve(thrice, event)
    expect(seen(arrived, open.after, [byHand])).toBeNull()
    expect(seen(arrived, open.after, [byHand, '2026-06-01T09:20:00.001Z'])).not.toBeNull()
  })

  test('is found in what an earlier revision alone asked for', () => {
    const after = settings({ name: 'earlier' })
    expect(seen(lastOf([{ ...first!, after }]), after)).not.toBeNull()
    const both = settings({ ...open.after, description: 'New' })
    expect(seen(lastOf([{ ...first!, after: both }]), both)).toBeNull()
  })

  test('is not found in what the change found when it was asked for', () => {
    const stopped = sentAndEnded(arrival)[4]![1]
    expect(seen({ ...stopped, before: first!.after ?? open.after } as Change, open.after)).toBeNull()
  })

  test("is found by any look, if none has shown the stack's answer", () => {
    const event = { type: 'applied', at: later, written: true, sentAt: null, watchUntil: later } as const
    const told = evolve(answeredWith({ kind: 'taken' }, { arrival }), event)
    expect(allWrittenBy(told).at(-1)).toMatchObject({ kind: 'taken', unseen: true })
    expect(seen(told, told.after)).not.toBeNull()
    expect(seen(told, told.before)).toBeNull()
  })
})

test('a step that was put off is due in its time, and at once if the clock was set back', () => {
  const due = (time: string) => isDue(arrival, new Date(`2026-06-01T${time}Z`), 900_000)
  expect([due('09:00:00.000'), due('09:14:59.999'), due('09:15:00.000'), due('08:59:59.999')]).toEqual([
    false,
    false,
    true,
    true,
  ])
})
