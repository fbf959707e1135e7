import { describe, expect, test } from 'vitest'
import { approve, reject } from '../../../src/domain/change/deciding.ts'
import { evolve } from '../../../src/domain/change/evolve.ts'
import { claim, stopLooking } from '../../../src/domain/change/looking.ts'
import { expire, nudge, remind } from '../../../src/domain/change/reminders.ts'
import { amend } from '../../../src/domain/change/revising.ts'
import { electorate, inEveryStatus, pending } from '../../support/changes.ts'
import { refusalOf } from '../../support/refusal.ts'
import { alice, bob, carol, dave, mallory, proposal, settings } from '../../support/world.ts'

const hour = 3_600_000
const hence = (ms: number) => new Date(Date.parse('2026-06-01T09:00:00.000Z') + ms).toISOString()
const act = (by: string, ms = hour, revision = 1) => ({ by, revision, at: hence(ms), comment: '', reason: 'no' })
const one = electorate(pending())

describe('claiming', () => {
  test('an approver says that they are looking; another may too, and each can take it back', () => {
    const event = claim(pending(), act(bob), one)
    const bobLooks = { by: bob, at: hence(hour) }
    expect(event).toEqual({ type: 'claimed', at: hence(hour), by: bob, looking: [bobLooks] })
    const claimed = evolve(pending(), event!)
    expect(claimed).toEqual({ ...pending(), claimedBy: bob, looking: [bobLooks] })
    expect(claim(claimed, act(bob), one)).toBeNull()
    const both = evolve(claimed, claim(claimed, act(carol), one)!)
    expect(both).toMatchObject({ claimedBy: carol, looking: [bobLooks, { by: carol }] })
    const left = evolve(both, stopLooking(both, act(carol))!)
    expect(left).toEqual(claimed)
    expect(stopLooking(left, act(carol))).toBeNull()
    expect(evolve(left, stopLooking(left, act(bob))!)).toEqual({ ...pending(), looking: [] })
  })

  test('what was recorded before all were kept reads as it did: the last one counts', () => {
    const claimed = evolve(pending(), { type: 'claimed', at: hence(hour), by: bob })
    expect(evolve(claimed, { type: 'claimed', at: hence(hour), by: carol })).toEqual({ ...pending(), claimedBy: carol })
    expect(evolve(claimed, claim(claimed, act(carol), one)!)).toMatchObject({ looking: [{ by: bob }, { by: carol }] })
  })

  test('a decision ends it', () => {
    const claimed = evolve(pending(), claim(pending(), act(bob), one)!)
    const two = electorate(pending(), {}, { quorum: 2 })
    expect(evolve(claimed, approve(claimed, act(carol), two))).toMatchObject({ claimedBy: null })
    expect(evolve(claimed, approve(claimed, act(carol), two))).not.toHaveProperty('looking')
  })

  test('somebody who may not decide may not claim, and not on another revision', () => {
    expect(refusalOf(() => claim(pending(), act(alice), one)).message).toBe(
      "You can't say that you are looking at change #42: whoever asks for a change may not decide on it. Nothing was done.",
    )
    expect(refusalOf(() => claim(pending(), act(bob, hour, 2), one)).code).toBe('wrong_status')
  })
})

describe('nudging', () => {
  test('is refused at once, in words that name the rule, if nobody or too few are left who could approve', () => {
    const told = (barred: Record<string, string>, quorum = 1, more = {}) => {
      const everybody = electorate(pending(), { barred, ...more }, { quorum })
      return refusalOf(() => nudge(pending(), act(alice), hour, true, everybody)).message
    }
    const left = 'deactivated members may not use Countersign'
    expect(told({ [bob]: left, [carol]: left })).toMatch(
      /^Nobody is left who can approve change #42\. Nothing was sent: cancel/,
    )
    expect(told({ [bob]: left }, 2)).toMatch(
      /^Too few people are left who can approve change #42\. .* of this rule: \S+$/,
    )
    expect(told({}, 1, { forbidden: 'Not this one.' })).toBe('Not this one. Nothing was sent.')
    const barred = { [bob]: left, [carol]: left }
    const orphaned = electorate(pending(), { barred, barredAskers: [{ by: alice, why: left }] })
    expect(nudge(pending(), act(alice), hour, true, orphaned).type).toBe('nudged')
  })

  test('the requester, and whoever edited the change, may nudge', () => {
    expect(nudge(pending(), act(alice), hour)).toEqual({ type: 'nudged', at: hence(hour), by: alice })
    const edited = { ...pending(), amenders: [dave] }
    expect(nudge(edited, act(dave), hour).type).toBe('nudged')
    for (const by of [bob, mallory])
      expect(refusalOf(() => nudge(edited, act(by), hour))).toEqual({
        code: 'not_allowed',
        message: 'Only the person who asked for change #42 can nudge its approvers.',
      })
  })

  test('once in a while: counted first from the proposal, then from the last time', () => {
    expect(refusalOf(() => nudge(pending(), act(alice, 1), hour))).toEqual({
      code: 'wrong_status',
      message: 'Change #42 was asked for recently: you can nudge in 60 minutes. Nothing was sent.',
    })
    expect(refusalOf(() => nudge(pending(), act(alice, hour - 1), hour)).message).toContain('in 1 minute.')
    const nudged = evolve(pending(), nudge(pending(), act(alice, hour), hour))
    expect(nudged).toEqual({ ...pending(), nudgedAt: hence(hour) })
    expect(refusalOf(() => nudge(nudged, act(alice, hour * 1.5), hour)).message).toBe(
      'Somebody nudged about change #42 recently: nudge again in 30 minutes. Nothing was sent.',
    )
    expect(nudge(nudged, act(alice, 2 * hour), hour).type).toBe('nudged')
  })

  test('not at all without a card, and nobody else is told', () => {
    for (const at of [1, hour])
      expect(refusalOf(() => nudge(pending(), act(alice, at), hour, false))).toEqual({
        code: 'unavailable',
        message: expect.stringMatching(
          /^Change #42 has no card yet, .*Nothing was sent\. .*Approvers can decide on App Home/,
        ),
      })
    expect(refusalOf(() => nudge(pending(), act(bob, hour), hour, false)).code).toBe('not_allowed')
  })

  test('not sooner after an edit: nudge, edit and nudge again still take as long as two nudges', () => {
    const nudged = evolve(pending(), nudge(pending(), act(alice, hour), hour))
    const revised = { ...proposal(), after: settings({ name: 'ci-next' }) }
    const edited = evolve(nudged, amend(nudged, act(alice, hour + 1), revised, { now: one, next: one }))
    expect(refusalOf(() => nudge(edited, act(alice, hour + 2, 2), hour)).message).toBe(
      'Change #42 was revised recently: you can nudge in 60 minutes. Nothing was sent.',
    )
    expect(nudge(edited, act(alice, 2 * hour + 1, 2), hour).type).toBe('nudged')
    const ofTheFirstRelease = { ...pending(), revisedAt: '' }
    expect(nudge(ofTheFirstRelease, act(alice), hour).type).toBe('nudged')
  })

  test('at once after a rebase, which nobody was told of, and then not too often', () => {
    const rebased = {
      ...pending(),
      revision: 2,
      revisedAt: hence(0),
      rebased: { revision: 2, by: alice, at: hence(0), over: {} },
    }
    const nudged = evolve(rebased, nudge(rebased, act(alice, 1, 2), hour))
    expect(refusalOf(() => nudge(nudged, act(alice, 2, 2), hour)).message).toContain('nudge again in 60 minutes')
    const edited = { ...rebased, revision: 3 }
    expect(refusalOf(() => nudge(edited, act(alice, 1, 3), hour)).message).toContain('was revised recently')
  })

  test('not about another revision', () => {
    expect(refusalOf(() => nudge(pending(), act(alice, hour, 2), hour)).message).toContain('has been edited since')
  })
})

describe('reminding', () => {
  test('first when it is due, then after twice as long each time', () => {
    const dues: number[] = []
    let change = pending()
    for (let i = 0; i < 4; i++) {
      expect(remind(change, 4 * hour, new Date(Date.parse(change.remindAt) - 1).toISOString())).toBeNull()
      const event = remind(change, 4 * hour, change.remindAt)
      dues.push((Date.parse(change.remindAt) - Date.parse(change.proposedAt)) / hour)
      change = evolve(change, event!)
      expect(change.reminders).toBe(i + 1)
    }
    expect(dues).toEqual([4, 12, 28, 60])
  })

  test('only about what still waits for approval', () => {
    const reminded = inEveryStatus().filter((change) => remind(change, hour, hence(1000 * hour)) !== null)
    expect(reminded.map(({ status }) => status)).toEqual(['pending'])
  })
})

describe('expiring', () => {
  const { expiresAt } = proposal()
  const justBefore = new Date(Date.parse(expiresAt) - 1).toISOString()

  test('from the instant that its time is over, and not before', () => {
    expect(expire(pending(), justBefore)).toBeNull()
    expect(expire(pending(), expiresAt)).toEqual({ type: 'expired', at: expiresAt })
    expect(evolve(pending(), { type: 'expired', at: expiresAt })).toMatchObject({
      status: 'expired',
      endedAt: expiresAt,
    })
  })

  test('whatever still waits expires; what is being applied or has ended does not', () => {
    const expiring = inEveryStatus().filter((change) => expire(change, expiresAt) !== null)
    expect(expiring.map(({ status }) => status)).toEqual(['pending', 'approved', 'drifted'])
  })

  test('silence never approves, nor does anybody after the time, noted or not', () => {
    const late = (by: string) => ({ ...act(by), at: expiresAt })
    const revised = { ...proposal(), after: settings({ name: 'ci-next' }) }
    const attempts = {
      approve: () => approve(pending(), late(bob), one),
      reject: () => reject(pending(), late(bob), one),
      edit: () => amend(pending(), late(alice), revised, { now: one, next: one }),
      'say that you are looking at': () => claim(pending(), late(bob), one),
      'nudge about': () => nudge(pending(), late(alice), hour),
    }
    for (const [attempted, attempt] of Object.entries(attempts))
      expect(refusalOf(attempt)).toEqual({
        code: 'wrong_status',
        message: `You can no longer ${attempted} change #42: its time has run out. Nothing was done.`,
      })
    expect(approve(pending(), { ...late(bob), at: justBefore }, one).type).toBe('approved')
  })
})
