import { describe, expect, test } from 'vitest'
import { startApply } from '../../../src/domain/change/applying.ts'
import { propose } from '../../../src/domain/change/asking.ts'
import { cancel } from '../../../src/domain/change/cancelling.ts'
import type { Change } from '../../../src/domain/change/change.ts'
import { approve, reject } from '../../../src/domain/change/deciding.ts'
import { evolve } from '../../../src/domain/change/evolve.ts'
import { sealOf } from '../../../src/domain/change/seal.ts'
import {
  applying,
  approvedBy,
  proposedAt as at,
  changeAfter,
  electorate,
  halfApprovedBy,
  lease,
  pending,
} from '../../support/changes.ts'
import { refusalOf, refusedBy } from '../../support/refusal.ts'
import { alice, bob, carol, dave, gus, mallory, owners, proposal, requirement, settings } from '../../support/world.ts'

const one = electorate(pending())
const two = electorate(pending(), {}, { quorum: 2 })
const act = (by: string, revision = 1) => ({ by, revision, at, comment: '', reason: 'not now' })
const left = [{ by: alice, why: 'guests take no part' }]
const amendedByDave = changeAfter([{ ...proposal(), type: 'amended', at, by: dave, voids: [] }])

describe('proposing', () => {
  test('a proposal is kept as it was asked, with its time', () => {
    expect(propose(proposal(), one, at)).toEqual({ type: 'proposed', at, ...proposal() })
  })

  test('a proposal that changes nothing, by meaning, is refused', () => {
    const after = settings({ branches: ['development', 'main'] })
    expect(refusalOf(() => propose(proposal({ after }), one, at))).toEqual({
      code: 'no_changes',
      message: 'Nothing would change: the token is already as the form says. Nothing was sent.',
    })
  })

  test.each([' \n ', '\u200B\u2800'])('a proposal without a reason that can be read is refused (%j)', (reason) => {
    expect(refusalOf(() => propose(proposal({ reason }), one, at))).toEqual({
      code: 'invalid',
      message: 'A change needs a reason. Nothing was sent.',
    })
  })

  test('a proposal that the policy forbids is refused in the words of the policy', () => {
    const forbidden = electorate(null, { forbidden: 'Nobody gains write on the whole stack.' })
    expect(refusalOf(() => propose(proposal(), forbidden, at))).toEqual({
      code: 'not_allowed',
      message: 'Nobody gains write on the whole stack. Nothing was sent.',
    })
  })

  test('a proposal that nobody could ever approve is refused at once, and names the rule', () => {
    const lonely = electorate(null, {}, { people: [alice, bob, bob], quorum: 2 })
    expect(refusalOf(() => propose(proposal(), lonely, at))).toEqual({
      code: 'not_allowed',
      message:
        'Too few people besides those who ask may approve this, so nobody could ever approve it. Nothing was sent; ' +
        'ask whoever runs Countersign to look at the approvers of this rule: approvers.',
    })
    expect(propose(proposal(), electorate(null, {}, { people: [alice, bob, carol], quorum: 2 }), at).type).toBe(
      'proposed',
    )
  })
})

describe('approving', () => {
  test('one approval of two is not a quorum, and the second is', () => {
    const first = approve(pending(), { ...act(bob), comment: 'looks right' }, two)
    expect(first).toEqual({
      type: 'approved',
      at,
      by: bob,
      revision: 1,
      seal: sealOf(pending()),
      comment: 'looks right',
      quorum: false,
    })
    const second = approve(evolve(pending(), first), act(carol), two)
    expect(second).toMatchObject({ by: carol, quorum: true })
    expect(evolve(evolve(pending(), first), second).status).toBe('approved')
  })

  test('the one that was still needed does not mention lost ones', () => {
    const seal = sealOf(pending())
    expect(approve(pending(), { by: bob, at, revision: 1, comment: '' }, one)).toStrictEqual({
      type: 'approved',
      by: bob,
      at,
      revision: 1,
      seal,
      comment: '',
      quorum: true,
    })
  })

  test.each([
    ['the requester, even when the policy names them', alice, 'whoever asks for a change may not decide on it'],
    ['whoever edited the change', dave, 'whoever edits a change may not decide on it'],
    ['a guest, even when the policy names them', gus, 'guests may not use Countersign'],
    ['somebody whom the policy does not name', mallory, 'only the people its rule names may decide on it'],
  ])('%s may neither approve nor reject', (_, by, why) => {
    const all = electorate(
      amendedByDave,
      { barred: { [gus]: 'guests may not use Countersign' } },
      { people: [alice, bob, dave, gus] },
    )
    expect(refusalOf(() => approve(amendedByDave, act(by, 2), all))).toEqual({
      code: 'not_allowed',
      message: `You can't approve change #42: ${why}. Nothing was done.`,
    })
    expect(refusalOf(() => reject(amendedByDave, act(by, 2), all))).toEqual({
      code: 'not_allowed',
      message: `You can't reject change #42: ${why}. Nothing was done.`,
    })
    expect(approve(amendedByDave, act(bob, 2), all).type).toBe('approved')
  })

  test('a refusal names those who can, without who asked, and says what this person can do instead', () => {
    const from = [alice, bob, owners]
    const change = pending({ requirement: { ...pending().requirement, parties: [{ from, quorum: 1 }] } })
    const all = electorate(change, {}, { people: [alice, bob] })
    const naming = (by: string) => refusedBy(() => approve(change, act(by), all)).naming
    expect(naming(mallory)).toEqual([
      "You can't approve change #42: only the people its rule names may decide on it",
      ...[' (', { person: bob }, ', ', { group: owners }, '). Nothing was done.', ' '],
      'To say something about it, write in the thread of its card.',
    ])
    expect(naming(alice)).toEqual([
      "You can't approve change #42: whoever asks for a change may not decide on it",
      ...['. Nothing was done. Its rule names ', { person: bob }, ', ', { group: owners }, '.', ' '],
      'In the menu of its card, you can edit it, nudge them, or cancel it.',
    ])
  })

  test('nobody approves twice', () => {
    expect(refusalOf(() => approve(halfApprovedBy([bob]), act(bob), two))).toEqual({
      code: 'no_changes',
      message: 'You have approved change #42 already. Your approval stands.',
    })
  })

  test('an approver is told so when the press comes again, whatever has happened to the change since', () => {
    const approved = evolve(pending(), approve(pending(), act(bob), one))
    const half = halfApprovedBy([bob])
    const all: [string, Change][] = [
      ['is approved and about to be applied', approved],
      ['is being applied', applying()],
      ['has been applied', evolve(applying(), { type: 'applied', at, written: true })],
      ['was rejected', evolve(half, { type: 'rejected', at, by: carol, reason: 'not now' })],
      ['is set aside, because it is gone', evolve(half, { type: 'set_aside', at, why: 'it is gone' })],
      ['is waiting to be taken over or cancelled', evolve(approved, { type: 'askers_barred', at, barred: left })],
    ]
    const said = all.map(([, change]) => refusalOf(() => approve(change, act(bob), { ...one, barredAskers: left })))
    expect(said).toEqual(
      all.map(([now]) => ({
        code: 'no_changes',
        message: `Change #42 has your approval already, and it ${now}. Nothing more was done.`,
      })),
    )
    expect(refusalOf(() => approve(approved, act(carol), one))).toMatchObject({ code: 'wrong_status' })
  })

  describe('under a current rule that asks approvers to type the name', () => {
    const confirming = { ...two, confirm: true }

    test('an approval without it is refused, in words', () => {
      expect(refusalOf(() => approve(pending(), act(bob), confirming))).toMatchObject({
        code: 'invalid',
        message: expect.stringContaining('Whoever approves change #42 has to type the name of its token'),
      })
      expect(approve(pending(), { ...act(bob), confirmed: true }, confirming)).toMatchObject({ confirmed: true })
    })

    test('an earlier approval without it does not count, its approver can give it again, and both are told apart', () => {
      const half = halfApprovedBy([bob])
      const second = approve(half, { ...act(carol), confirmed: true }, confirming)
      expect(second).toMatchObject({
        quorum: false,
        lost: [{ by: bob, why: expect.stringContaining('type the name') }],
      })
      const waiting = evolve(half, second)
      const again = approve(waiting, { ...act(bob), confirmed: true }, confirming)
      expect(again).toMatchObject({ quorum: true, confirmed: true })
      const three = { ...electorate(pending(), {}, { people: [bob, carol, dave], quorum: 3 }), confirm: true }
      expect(approve(waiting, { ...act(bob), confirmed: true }, three)).toMatchObject({ quorum: false, lost: [] })
    })

    test('nothing that was approved without it is applied', () => {
      const approved = approvedBy([bob, carol])
      expect(startApply(approved, confirming, lease, at)).toMatchObject({ type: 'quorum_lost' })
    })

    test('approvals under such a rule from before confirmation was kept are taken as confirmed', () => {
      const confirm = { requirement: { ...requirement(), confirm: true } }
      const approved = approvedBy([bob], confirm)
      expect(startApply(approved, { ...electorate(approved), confirm: true }, lease, at)).toMatchObject({
        type: 'apply_started',
      })
    })
  })

  test('an earlier approval that no longer counts is named with the reason, until a later one finds that it counts again', () => {
    const why = 'guests may not use Countersign'
    const three = electorate(pending(), {}, { people: [bob, carol, dave], quorum: 3 })
    const half = halfApprovedBy([bob])
    const second = approve(half, act(carol), { ...three, barred: { [bob]: why } })
    expect(second).toMatchObject({ quorum: false, lost: [{ by: bob, why }] })
    const waiting = evolve(half, second)
    expect(waiting).toMatchObject({ status: 'pending', lost: { approvals: [{ by: bob, why }], why: null } })
    const four = electorate(pending(), {}, { people: [bob, carol, dave, mallory], quorum: 4 })
    const third = approve(waiting, act(dave), four)
    expect(third).toMatchObject({ quorum: false, lost: [] })
    expect(evolve(waiting, third).lost).toBeNull()
    expect(approve(half, act(carol), three)).not.toHaveProperty('lost')
  })

  test('the lost approvals of a change that had been approved once stay named when one more is not enough', () => {
    const lost = changeAfter([
      { ...approve(pending(), act(bob), one) },
      { type: 'quorum_lost', at, lost: [{ by: bob, why: 'left' }], why: '2 more' },
    ])
    const next = approve(lost, act(carol), { ...two, barred: { [bob]: 'left' } })
    expect(evolve(lost, next).lost).toEqual({ approvals: [{ by: bob, why: 'left' }], why: '2 more' })
  })

  test('when the approvers are enough again, one of them approves again, and the change goes on', () => {
    const both = halfApprovedBy([bob, carol])
    expect(approve(both, act(bob), two)).toMatchObject({ type: 'approved', quorum: true })
  })

  test('while the policy forbids what was asked, nobody can approve it, and anybody who decides can reject it', () => {
    const forbidden = electorate(pending(), { forbidden: 'The policy forbids it (freeze): not before the launch.' })
    expect(refusalOf(() => approve(pending(), act(bob), forbidden))).toEqual({
      code: 'not_allowed',
      message:
        'Nobody can approve change #42 under the current policy: The policy forbids it (freeze): not before the launch.',
    })
    expect(reject(pending(), act(bob), forbidden).type).toBe('rejected')
  })

  test.each([
    ['2026-08-01', '2026-08-01T00:00:00.000Z', 'midnight UTC as that day begins'],
    ['2026-08-01T23:59:59Z', '2026-08-01T23:59:59.000Z', 'the end of that day (UTC)'],
  ])('an expiry that has passed meanwhile (%s) can be approved by nobody', (expiresOn, over, end) => {
    const asked = pending({ after: settings({ expiresOn }) })
    const waits = { ...act(bob), msLeft: () => 1 }
    expect(refusalOf(() => approve(asked, { ...waits, at: over }, electorate(asked)))).toEqual({
      code: 'invalid',
      message: `You can no longer approve change #42: it asks for the expiry 2026-08-01. The token would have expired already: it ends at ${end}. Nothing was approved: edit the change to ask for a later day, or reject it.`,
    })
    const inTime = new Date(Date.parse(over) - 1).toISOString()
    expect(approve(asked, { ...waits, at: inTime }, electorate(asked)).type).toBe('approved')
  })

  test.each([0, 2])(
    'revision %i is not the one that stands, so its approval is refused, with where it stands',
    (revision) => {
      expect(refusalOf(() => approve(pending(), act(bob, revision), one))).toEqual({
        code: 'wrong_status',
        message:
          'Change #42 has been edited since this card was drawn: it is revision 1 now, and is waiting for approval. Read it again first.',
      })
    },
  )

  test('an approval of what the change was before it was edited does not count towards the quorum', () => {
    const edited = changeAfter([
      { ...approve(pending(), act(bob), two), seal: 'of something else' } as ReturnType<typeof approve>,
    ])
    expect(approve(edited, act(carol), two)).toMatchObject({ quorum: false })
  })
})

describe('rejecting', () => {
  test('a rejection ends the change and keeps its reason', () => {
    const event = reject(pending(), act(bob), one)
    expect(event).toEqual({ type: 'rejected', at, by: bob, reason: 'not now' })
    expect(evolve(pending(), event)).toMatchObject({
      status: 'rejected',
      endedAt: at,
      rejectedBy: bob,
      rejection: 'not now',
    })
  })

  test.each([' ', '\u200B'])('a rejection needs a reason that can be read (%j)', (reason) => {
    expect(refusalOf(() => reject(pending(), { ...act(bob), reason }, one))).toEqual({
      code: 'invalid',
      message: 'Say why you reject it: the requester is told.',
    })
  })

  test('somebody who approved may still reject while more approvals are missing', () => {
    expect(reject(halfApprovedBy([bob]), act(bob), two).type).toBe('rejected')
  })

  test('another revision cannot be rejected', () => {
    expect(refusalOf(() => reject(pending(), act(bob, 2), one)).code).toBe('wrong_status')
  })
})

describe('cancelling', () => {
  const drifted = changeAfter([{ type: 'drift_found', at, live: settings({ name: 'by-hand' }) }])

  test.each([pending(), approvedBy([bob]), drifted])('the requester may cancel a change that is $status', (change) => {
    expect(cancel(change, alice, at)).toEqual({ type: 'cancelled', at, by: alice })
    expect(refusalOf(() => cancel(change, alice, at, { revision: change.revision + 1 })).code).toBe('wrong_status')
    expect(evolve(change, cancel(change, alice, at))).toMatchObject({ status: 'cancelled', cancelledBy: alice })
  })

  test('nobody else may cancel, approvers and those who edited it included', () => {
    for (const by of [bob, dave, mallory])
      expect(refusalOf(() => cancel(amendedByDave, by, at))).toEqual({
        code: 'not_allowed',
        message: 'Only the person who asked for change #42 can cancel it.',
      })
  })
})

test('if nobody could ever approve it, every rule that it has to meet is named', () => {
  const [then] = electorate(null).demands
  const demands = [
    { ...then!, rule: 'then' },
    { rule: 'today', parties: [{ people: [bob], quorum: 2 }] },
  ]
  expect(refusalOf(() => propose(proposal(), electorate(null, { demands }), at)).message).toMatch(
    /rule: then, today\.$/,
  )
})
