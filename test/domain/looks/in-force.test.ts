import { describe, expect, test } from 'vitest'
import type { Change } from '../../../src/domain/change/change.ts'
import { evolve } from '../../../src/domain/change/evolve.ts'
import { fateOf, isInForce, madeOf, rewritten } from '../../../src/domain/looks/in-force.ts'
import { leftBy } from '../../../src/domain/looks/left-by.ts'
import { movedBy } from '../../../src/domain/looks/moved-by.ts'
import type { Access, Settings } from '../../../src/domain/token/token.ts'
import { amendedAfterSending, answeredWith, applying, pending, proposedAt } from '../../support/changes.ts'
import { settings } from '../../support/world.ts'

const before = settings()
const after = settings({ name: 'ci-release', expiresOn: '2028-01-01', branches: ['main'] })
const edit = { before, after }

test('each field that was asked for is taken, kept, or neither', () => {
  const live = settings({ name: 'ci-release', expiresOn: '2030-01-01' })
  expect(fateOf(edit, live)).toEqual({ taken: ['name'], kept: ['branches'], neither: ['expiresOn'] })
  expect(fateOf(edit, after)).toEqual({ taken: ['name', 'branches', 'expiresOn'], kept: [], neither: [] })
  expect(fateOf(edit, { ...after, description: 'by hand' }).taken).toHaveLength(3)
})

test('an edit is in force if all of it is on the token, whatever else is', () => {
  expect(isInForce(edit, { ...after, description: 'by hand' })).toBe(true)
  expect(isInForce(edit, { ...after, branches: before.branches })).toBe(false)
})

describe('the same in another form', () => {
  test.each([
    ['a name without the spaces around it', { name: ' ci-release ' }, { name: 'ci-release' }],
    ['a name with single spaces', { name: 'ci  release' }, { name: 'ci release' }],
    ['letters composed otherwise', { name: 'caf\u0065\u0301' }, { name: 'caf\u00e9' }],
    ['a description without a line break at its end', { description: 'New\n' }, { description: 'New' }],
    ['the end of the day', { expiresOn: '2028-01-01' }, { expiresOn: '2028-01-01T23:59:59.999Z' }],
    ['a time of the day without a zone', { expiresOn: '2028-01-01' }, { expiresOn: '2028-01-01T23:59:59' }],
    ['an instant of the day', { expiresOn: '2028-01-01T00:00:00.000Z' }, { expiresOn: '2028-01-01' }],
  ])('is %s', (_, asked, found) => {
    const wanted = settings(asked)
    const live = settings(found)
    expect(isInForce({ before, after: wanted }, live)).toBe(true)
    expect(madeOf({ before, after: wanted }, live)).toEqual(live)
  })

  test.each([
    ['another letter', { name: 'ci-release' }, { name: 'CI-release' }],
    ['a space where there was none', { name: 'cirelease' }, { name: 'ci release' }],
    ['another day without a zone', { expiresOn: '2028-01-01' }, { expiresOn: '2028-01-02T00:00:00' }],
    ['a time of a day that there is not', { expiresOn: '2028-02-30' }, { expiresOn: '2028-02-30T00:00:00' }],
    ['another day', { expiresOn: '2028-01-01' }, { expiresOn: '2028-01-02' }],
    ['never', { expiresOn: '2028-01-01' }, { expiresOn: null }],
    ['a day instead of never', { expiresOn: null }, { expiresOn: '2028-01-01' }],
    [
      'other access',
      { permissions: { everything: 'read', modules: {} } },
      { permissions: { everything: 'write', modules: {} } },
    ],
  ] as const)('is not %s', (_, asked, found) => {
    expect(isInForce({ before, after: settings(asked) }, settings(found))).toBe(false)
  })

  test('is also looked for in fields that nobody asked for, since an update carries the whole token', () => {
    const live = settings({ name: 'ci-deploy ', expiresOn: '2027-01-31T23:59:59.999Z', emailNotice: false })
    expect(rewritten(before, live)).toEqual(['name', 'expiresOn'])
  })
})

test('a rewritten edit leaves the other fields, and those that were not taken, as they were asked for', () => {
  const live = settings({ name: ' ci-release', description: 'by hand', branches: ['development'] })
  expect(madeOf(edit, live)).toEqual({ ...after, name: ' ci-release' })
})

describe('the changes that moved a token', () => {
  const ended = { type: 'expired', at: proposedAt } as const
  const taken = answeredWith({ kind: 'taken' })
  const applied = { ...evolve(taken, { type: 'applied', at: '2026-06-01T09:00:01.000Z', written: true }), id: 7 }
  const waiting = pending()
  const endOfDay = settings({ expiresOn: '2027-01-31T23:59:59.999Z' })

  test('include one that was applied since, alone or with somebody else', () => {
    expect(movedBy(waiting, applied.after, [applied])).toEqual({ by: [7], elsewhere: false })
    expect(movedBy(waiting, { ...applied.after, emailNotice: false }, [applied])).toEqual({ by: [7], elsewhere: true })
  })

  test('are all of those, in their order', () => {
    expect(movedBy(waiting, applied.after, [applied, { ...applied, id: 5 }]).by).toEqual([5, 7])
  })

  test('are judged by the one that ended last, by the log if the clock was set back between two of them', () => {
    const later = { ...applied, id: 5, after: settings({ description: 'New' }), endedAt: proposedAt }
    expect(movedBy(waiting, later.after, [later, applied])).toEqual({ by: [5, 7], elsewhere: false })
    expect(movedBy(waiting, later.after, [applied, later])).toMatchObject({ by: [5, 7], elsewhere: true })
  })

  test('include none that was applied before, wrote nothing, or is the change itself', () => {
    const early = evolve(taken, { type: 'applied', at: '2026-06-01T08:59:59.999Z', written: true })
    const idle = { ...evolve(taken, { type: 'applied', at: proposedAt, written: false, sentAt: null }), id: 8 }
    for (const other of [{ ...early, id: 7 }, idle, { ...applied, id: waiting.id }])
      expect(movedBy(waiting, applied.after, [other]).by).toBeUndefined()
  })

  test('include one that was applied since by the log, though by the clock it was before', () => {
    const early = evolve(taken, { type: 'applied', at: '2026-06-01T08:00:00.000Z', written: true })
    const isToldSince = ({ id }: Change) => id === 7
    expect(movedBy(waiting, applied.after, [{ ...early, id: 7 }], { isToldSince })).toEqual({
      by: [7],
      elsewhere: false,
    })
    expect(movedBy(waiting, endOfDay, [longBefore(taken, 7)], { isToldSince })).toEqual({ perhaps: [7] })
    expect(movedBy(waiting, endOfDay, [longBefore(taken, 8)], { isToldSince })).toEqual({})
    const lost = longBefore(answeredWith({ kind: 'none', why: '' }), 7)
    expect(movedBy(waiting, lost.after, [lost], { isToldSince })).toEqual({ perhaps: [7] })
  })

  test('may include any with something sent, if the clock was set back to before the token was seen', () => {
    const lost = longBefore(answeredWith({ kind: 'none', why: '' }), 9)
    expect(movedBy(waiting, endOfDay, [lost], { at: '2026-06-01T08:59:59.999Z' })).toEqual({ perhaps: [9] })
    expect(movedBy(waiting, endOfDay, [lost], { at: proposedAt })).toEqual({})
  })

  test('include one that is being applied, if a look shows its request before its sender knows', () => {
    const sending = { ...applying(), id: 9 }
    const shown = { ...sending.after, name: sending.after.name.toUpperCase() }
    expect(movedBy(waiting, shown, [sending])).toEqual({ by: [9], unproven: [9], elsewhere: false })
    expect(movedBy(waiting, { ...shown, emailNotice: false }, [sending])).toMatchObject({ by: [9], elsewhere: true })
    expect(movedBy(waiting, shown, [{ ...taken, id: 9 }])).toEqual({ by: [9], elsewhere: false })
    expect(movedBy(waiting, settings({ emailNotice: false }), [sending])).toEqual({})
    for (const kind of ['refused', 'busy'] as const)
      expect(movedBy(waiting, shown, [{ ...answeredWith({ kind, why: '' }), id: 9 }])).toEqual({})
  })

  test('include one that is being applied, if the stack took a part of its request and kept the rest', () => {
    const sending = { ...applying({ before, after }), id: 9 }
    const part = settings({ name: 'ci-release' })
    expect(movedBy(waiting, part, [sending])).toEqual({ perhaps: [9] })
    const write = { sentAt: proposedAt, answer: { kind: 'taken' } } as const
    expect(movedBy(waiting, part, [{ ...sending, write }])).toMatchObject({ by: [9], elsewhere: false })
  })

  test('include one that failed since the stack took only a part of it, as long as that is on the token', () => {
    const sent = answeredWith({ kind: 'taken' }, { asked: { before, after } })
    const failed = { ...evolve(sent, { type: 'apply_refused', at: proposedAt, why: 'kept some' }), id: 9 }
    const part = settings({ name: 'ci-release' })
    expect(movedBy(waiting, part, [failed])).toEqual({ by: [9], elsewhere: false })
    expect(movedBy(waiting, { ...part, emailNotice: false }, [failed])).toEqual({ by: [9], elsewhere: true })
    expect(movedBy(waiting, settings({ emailNotice: false }), [failed])).toEqual({})
    const unseen = { ...failed, sends: [{ ...failed.sends![0]!, watchUntil: '2026-06-08T09:00:00.000Z' }] }
    expect(movedBy(waiting, part, [unseen])).toEqual({ perhaps: [9] })
    const before9 = '2026-06-01T08:59:00.000Z'
    const longAgo = { ...failed, sends: [{ ...failed.sends![0]!, until: before9 }], endedAt: before9 } as Change
    expect(movedBy(waiting, part, [longAgo])).toEqual({})
  })

  test('may include this change itself or another, which the stack may have written in its own form', () => {
    const asked = { before, after: settings({ name: 'R&D' }) }
    const unclear = { ...answeredWith({ kind: 'none', why: '' }, { asked }), id: 9 }
    const escaped = settings({ name: 'R&amp;D' })
    expect(movedBy(waiting, escaped, [unclear])).toEqual({ perhaps: [9] })
    expect(movedBy(unclear, escaped, [])).toEqual({ perhaps: [9] })
    expect(movedBy(waiting, settings({ emailNotice: false }), [unclear])).toEqual({})
    const kept = { ...answeredWith({ kind: 'taken' }), id: 9 }
    expect(movedBy(waiting, endOfDay, [kept])).toEqual({ perhaps: [9] })
    const refused = { ...answeredWith({ kind: 'refused', why: '' }), id: 9 }
    expect(movedBy(waiting, escaped, [refused])).toEqual({})
    const seen = { ...unclear.sends![0]!, seenAt: '2026-06-01T08:59:00.000Z' }
    const once = { ...evolve(unclear, ended), id: 9, sends: [seen] } as Change
    expect(movedBy(waiting, escaped, [once])).toEqual({ perhaps: [9] })
    const told = { ...once, sends: [{ ...seen, answer: 'taken' as const }] }
    expect(movedBy(waiting, escaped, [told])).toEqual({})
  })

  test('include none that can have left no field as it is: nothing like that was sent, and no part of it makes that', () => {
    const mayBe = (asked: Partial<Settings>, live: Partial<Settings>, was = before) => {
      const unclear = answeredWith({ kind: 'none', why: '' }, { asked: { before: was, after: { ...was, ...asked } } })
      return movedBy({ ...waiting, before: was }, { ...was, ...live }, [{ ...unclear, id: 9 }]).perhaps !== undefined
    }
    expect(mayBe({ description: 'Used by the & migration' }, { description: 'by hand!' })).toBe(false)
    expect(mayBe({ name: 'by hand', description: 'Sent' }, { description: 'by hand' })).toBe(false)
    const lists = (branches: string[]) => ({ branches })
    expect(mayBe(lists(['main', 'a', 'b']), lists(['main', 'development', 'a']))).toBe(true)
    expect(mayBe(lists(['main', 'a', 'b']), lists(['development', 'a']))).toBe(false)
    expect(mayBe(lists(['main', 'a', 'b']), lists(['main', 'by-hand']))).toBe(false)
    expect(mayBe({ expiresOn: '2028-01-01' }, { expiresOn: '2027-12-31T18:30:00.000Z' })).toBe(true)
    expect(mayBe({ expiresOn: '2028-01-01' }, { expiresOn: '2030-01-01' })).toBe(false)
    expect(mayBe({ expiresOn: '2028-01-01' }, { expiresOn: null })).toBe(false)
    const may = (access: Access, entry?: 'read' | 'write') => ({
      permissions: { everything: access, modules: entry === undefined ? {} : { entry } },
    })
    const nothing = { ...before, ...may('none') }
    expect(mayBe(may('write'), may('read'), nothing)).toBe(true)
    expect(mayBe(may('none', 'write'), may('none', 'read'), nothing)).toBe(true)
    expect(mayBe(may('read', 'read'), may('none', 'write'), nothing)).toBe(false)
    expect(mayBe(may('read'), may('write'), nothing)).toBe(false)
    const limits = (read: number, write: number) => ({ rateLimits: { kind: 'custom', read, write } as const })
    const limited = { ...before, ...limits(10, 10) }
    expect(mayBe(limits(20, 5), limits(20, 10), limited)).toBe(true)
    expect(mayBe(limits(20, 5), limits(50, 10), limited)).toBe(false)
    expect(mayBe(limits(20, 5), { rateLimits: { kind: 'organisation' } }, limited)).toBe(false)
  })

  test('may include one with an update that may come a second time, or that is under way, whatever the clock shows', () => {
    const lost = { sentAt: '2026-06-01T08:59:00.000Z', until: proposedAt, answer: 'none' } as const
    const unsure = { ...applied, sends: [lost, ...applied.sends!] }
    const carried = { ...applied.after, description: applied.after.description.toLowerCase() }
    expect(movedBy(waiting, carried, [unsure])).toEqual({ by: [7], elsewhere: false })
    expect(movedBy(waiting, carried, [applied])).toEqual({ by: [7], elsewhere: true })
    const asked = {
      ...waiting,
      before: { ...applied.after, emailNotice: false },
      revisedAt: '2026-06-02T09:00:00.000Z',
    }
    expect(movedBy(asked, applied.after, [unsure])).toEqual({ perhaps: [7] })
    expect(movedBy(asked, applied.after, [applied])).toEqual({})
    expect(movedBy({ ...waiting, revisedAt: asked.revisedAt }, endOfDay, [{ ...taken, id: 9 }])).toEqual({
      perhaps: [9],
    })
  })

  test('are counted from when the token was seen in the state that it was asked against, if that was earlier', () => {
    const asked = { ...waiting, revisedAt: '2026-06-01T09:00:02.000Z' }
    expect(movedBy(asked, applied.after, [applied]).by).toBeUndefined()
    expect(movedBy({ ...asked, shownAt: proposedAt }, applied.after, [applied])).toEqual({ by: [7], elsewhere: false })
  })

  test('include a change whose update was found to have arrived, though it ended in another way', () => {
    const failed = evolve(answeredWith({ kind: 'none', why: '' }), { type: 'apply_refused', at: proposedAt, why: '' })
    const arrived = { ...evolve(failed, { type: 'write_arrived', at: proposedAt, sentAt: proposedAt }), id: 9 }
    expect(movedBy(waiting, failed.after, [{ ...failed, id: 9 }])).toEqual({ perhaps: [9] })
    expect(movedBy(waiting, failed.after, [arrived])).toEqual({ by: [9], unproven: [9], elsewhere: false })
  })

  test('include this change itself, if an earlier revision of it asked for what came late', () => {
    const arrival = '2026-06-01T09:15:00.000Z'
    const amended = amendedAfterSending(arrival, settings({ description: 'New' }))
    const sent = amended.sends![0]!.after!
    expect(movedBy(amended, sent, [])).toEqual({ by: [amended.id], unproven: [amended.id], elsewhere: false })
    expect(movedBy(amended, { ...sent, emailNotice: false }, [])).toEqual({
      by: [amended.id],
      unproven: [amended.id],
      elsewhere: true,
    })
    expect(movedBy(amended, settings({ emailNotice: false }), [])).toEqual({})
    const arrived = { ...evolve(amended, { type: 'write_arrived', at: proposedAt, sentAt: proposedAt }), id: 9 }
    expect(leftBy(arrived)).toEqual(sent)
    const proven = { ...amended, sends: [{ ...amended.sends![0]!, answer: 'taken' as const }] }
    expect(movedBy(proven, sent, [])).toEqual({ by: [amended.id], elsewhere: false })
    const once = { ...arrived, id: amended.id }
    expect(movedBy({ ...once, revisedAt: arrival }, sent, [])).toEqual({ perhaps: [amended.id] })
    expect(movedBy({ ...once, revisedAt: '2026-06-01T09:15:00.001Z' }, sent, [])).toEqual({})
    expect(movedBy(waiting, sent, [arrived])).toEqual({ by: [9], unproven: [9], elsewhere: false })
  })

  test('left it as it was found then, otherwise as the stack made it, otherwise as it was asked for', () => {
    const [stored, live] = [settings({ name: 'CI' }), settings({ name: 'by hand' })]
    const made = { ...applied, stored } as typeof applied
    const late = { sentAt: '2026-06-01T08:59:00.000Z', until: proposedAt, answer: 'none' } as const
    const undone = { ...made, live, sends: [{ ...late, seenAt: '2026-06-01T09:00:02.000Z' }] } as typeof applied
    expect(leftBy(undone)).toEqual(stored)
    expect(leftBy({ ...undone, sends: [{ ...undone.sends![0]!, after: before }] })).toEqual(before)
    expect([leftBy(applied), leftBy(made), leftBy({ ...made, live } as typeof applied)]).toEqual([
      applied.after,
      stored,
      live,
    ])
  })
})

/** The same as a change that failed an hour before the token was seen, by the clock. */
function longBefore(sent: Change, id: number): Change {
  const at = '2026-06-01T08:00:00.000Z'
  const failed = evolve(sent, { type: 'apply_refused', at, why: 'kept some' })
  return { ...failed, id, sends: failed.sends!.map((send) => ({ ...send, sentAt: at, until: at })) } as Change
}
