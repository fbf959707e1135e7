import { describe, expect, test } from 'vitest'
import { reasonAuthor } from '../../../src/domain/change/askers.ts'
import type { Change } from '../../../src/domain/change/change.ts'
import { evolve } from '../../../src/domain/change/evolve.ts'
import { amend, rebase } from '../../../src/domain/change/revising.ts'
import { approval, changeAfter, electorate, halfApprovedBy, pending, proposedAt } from '../../support/changes.ts'
import { refusalOf } from '../../support/refusal.ts'
import { alice, bob, carol, dave, gus, mallory, proposal, requirement, settings } from '../../support/world.ts'

const at = '2026-06-02T09:00:00.000Z'
const act = (by: string, revision = 1) => ({ by, revision, at })
const {
  before,
  after,
  reason,
  requirement: rule,
  expiresAt,
  remindAt,
} = proposal({
  after: settings({ name: 'ci-next' }),
  reason: 'A better name',
  requirement: requirement([bob, carol, dave], 2),
  expiresAt: '2026-06-09T09:00:00.000Z',
  remindAt: '2026-06-02T13:00:00.000Z',
})
const revised = { before, after, reason, requirement: rule, expiresAt, remindAt }
const live = settings({ description: 'edited by hand' })

const three = electorate(null, {}, { people: [bob, carol, dave], quorum: 2 })
const ask = (of: Change = pending()) => ({ now: electorate(of), next: three })

describe('amending', () => {
  test('the requester asks for something else: a new revision, without approvals yet', () => {
    const change = changeAfter([
      approval(bob, pending()),
      { type: 'claimed', at, by: carol },
      { type: 'reminded', at, remindAt: at },
      { type: 'nudged', at, by: alice },
    ])
    const event = amend(change, act(alice), revised, ask(change))
    const written = { reasonBy: alice, shownAt: proposedAt }
    expect(event).toEqual({ type: 'amended', at, by: alice, ...revised, ...written, voids: [bob], tells: [] })
    expect(evolve(change, event)).toEqual({
      ...pending(),
      ...revised,
      ...written,
      revisedAt: at,
      revision: 2,
      approvals: [],
      voided: [bob],
      amenders: [],
      claimedBy: null,
      nudgedAt: null,
      reminders: 0,
    })
  })

  test('an approver may do it too, and counts as a requester from then on', () => {
    const event = amend(pending(), act(bob), revised, ask())
    const amended = evolve(pending(), event)
    expect(amended.amenders).toEqual([bob])
    const again = amend(amended, act(bob, 2), { ...revised, reason: 'And again' }, ask(amended))
    expect(evolve(amended, again)).toMatchObject({ revision: 3, amenders: [bob] })
  })

  test.each([
    ['somebody whom the policy does not name', mallory, 'only the people its rule names may decide on it'],
    ['somebody who could decide only on what it would become', dave, 'only the people its rule names may decide on it'],
    ['a guest', gus, 'guests may not use Countersign'],
  ])('%s may not', (_, by, why) => {
    const now = electorate(pending(), { barred: { [gus]: 'guests may not use Countersign' } })
    expect(refusalOf(() => amend(pending(), act(by), revised, { ...ask(), now }))).toEqual({
      code: 'not_allowed',
      message: `You can't edit change #42: that is for those who asked for it or may decide on it, and ${why}. Nothing was done.`,
    })
  })

  test('an edit that asks for the same is refused, and the approvals stand', () => {
    const { after, before, reason } = pending()
    const same = { ...revised, before, after: { ...after, branches: [...after.branches].reverse() }, reason }
    expect(refusalOf(() => amend(pending(), act(alice), same, ask()))).toEqual({
      code: 'no_changes',
      message: 'This is what change #42 asks for already. Its approvals stand.',
    })
    expect(amend(pending(), act(alice), { ...same, reason: 'Another one' }, ask()).type).toBe('amended')
    expect(amend(pending(), act(alice), { ...same, before: live }, ask()).type).toBe('amended')
  })

  test('an edit that would change nothing, or gives no reason, is refused', () => {
    expect(refusalOf(() => amend(pending(), act(alice), { ...revised, after: before }, ask())).code).toBe('no_changes')
    expect(refusalOf(() => amend(pending(), act(alice), { ...revised, reason: ' ' }, ask())).code).toBe('invalid')
  })

  test('an edit that would leave too few to approve is refused', () => {
    const next = electorate(null, {}, { people: [bob, carol], quorum: 2 })
    expect(amend(pending(), act(alice), revised, { ...ask(), next }).type).toBe('amended')
    expect(refusalOf(() => amend(pending(), act(bob), revised, { ...ask(), next })).message).toContain(
      'whoever edits it can no longer decide on it, and too few people would be left who can',
    )
    const byBob = evolve(pending(), amend(pending(), act(bob), revised, ask()))
    expect(
      refusalOf(() => amend(byBob, act(alice, 2), { ...revised, reason: 'x' }, { ...ask(byBob), next })).message,
    ).toContain('Too few people')
  })

  test('an edit that the policy forbids is refused', () => {
    const next = electorate(null, { forbidden: 'No.' })
    expect(refusalOf(() => amend(pending(), act(alice), revised, { ...ask(), next })).message).toBe(
      'No. Nothing was sent.',
    )
  })

  test('somebody who looked at an older revision is refused', () => {
    expect(refusalOf(() => amend(pending(), act(alice, 2), revised, ask())).message).toContain('has been edited since')
  })
})

describe('the reason', () => {
  const other = { ...revised, reason: pending().reason }

  test('belongs to whoever gave it, whoever edits the rest', () => {
    const byBob = evolve(pending(), amend(pending(), act(bob), other, ask()))
    expect(reasonAuthor(byBob)).toBe(alice)
    const reworded = amend(byBob, act(bob, 2), { ...other, reason: 'Because I say so' }, ask(byBob))
    const next = evolve(byBob, reworded)
    expect(reasonAuthor(next)).toBe(bob)
    const again = amend(
      next,
      act(alice, 3),
      { ...other, after: settings({ name: 'ci-x' }), reason: next.reason },
      ask(next),
    )
    expect(reasonAuthor(evolve(next, again))).toBe(bob)
    const drifted = evolve(next, { type: 'drift_found', at, live })
    expect(reasonAuthor(evolve(drifted, rebase(drifted, act(alice, 3), { ...next, before: live }, three)))).toBe(bob)
  })

  test('belongs to the operator who typed it in for the requester', () => {
    expect(reasonAuthor(pending({ enteredBy: 'operator:ops' }))).toBe('operator:ops')
    expect(reasonAuthor(pending())).toBe(alice)
  })

  test('belongs to nobody who could be named, if an edit from before it was kept may have changed it', () => {
    const old = changeAfter([{ type: 'amended', at, by: bob, ...revised, voids: [] }])
    expect(reasonAuthor(old)).toBeNull()
    expect(old).not.toHaveProperty('edited')
    const next = amend(old, act(alice, 2), { ...revised, after: settings({ name: 'ci-last' }) }, ask(old))
    expect(next).not.toHaveProperty('reasonBy')
    expect(reasonAuthor(evolve(old, next))).toBeNull()
  })
})

describe('rebasing', () => {
  const drifted = evolve(halfApprovedBy([bob]), { type: 'drift_found', at, live })
  const over = { ...revised, before: live }

  test('a change whose token was changed elsewhere asks again over the current token, as a new revision', () => {
    const event = rebase(drifted, act(alice), over, three)
    const movers = { elsewhere: true }
    expect(event).toEqual({
      type: 'rebased',
      at,
      by: alice,
      ...over,
      reasonBy: alice,
      shownAt: at,
      voids: [bob],
      over: movers,
    })
    expect(evolve(drifted, event)).toEqual({
      ...pending(),
      ...over,
      reasonBy: alice,
      shownAt: at,
      revisedAt: at,
      revision: 2,
      approvals: [],
      voided: [bob],
      rebased: { revision: 2, by: alice, at, over: movers },
    })
  })

  test('whoever edited it may rebase it as well, and nobody else', () => {
    const edited = { ...drifted, amenders: [dave] }
    expect(evolve(edited, rebase(edited, act(dave), over, three)).amenders).toEqual([dave])
    for (const by of [bob, mallory])
      expect(refusalOf(() => rebase(edited, act(by), over, three))).toEqual({
        code: 'not_allowed',
        message: 'Only the person who asked for change #42 can rebase it.',
      })
  })

  test('if the token is already as asked, nothing is left to do', () => {
    expect(refusalOf(() => rebase(drifted, act(alice), { ...over, before: after }, three))).toEqual({
      code: 'no_changes',
      message: 'The token is already as change #42 asks: nothing is left to do. Cancel it.',
    })
  })

  test('a rebase of another revision, after its time, or that nobody could approve, is refused', () => {
    expect(refusalOf(() => rebase(drifted, act(alice, 2), over, three)).message).toContain('has been edited since')
    const late = { ...act(alice), at: drifted.expiresAt }
    expect(refusalOf(() => rebase(drifted, late, over, three))).toEqual({
      code: 'wrong_status',
      message: 'You can no longer rebase change #42: its time has run out. Nothing was done.',
    })
    const few = electorate(null, {}, { people: [bob], quorum: 2 })
    expect(refusalOf(() => rebase(drifted, act(alice), over, few)).message).toContain('Too few people')
  })

  test('people who edited it do not count among those who could approve it', () => {
    const edited = { ...drifted, amenders: [dave, carol] }
    expect(refusalOf(() => rebase(edited, act(alice), over, three)).message).toContain('Too few people')
  })
})
