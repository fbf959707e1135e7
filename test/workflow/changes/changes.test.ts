import { describe, expect, test } from 'vitest'
import { createWorld, type startCore, typesOf } from '../../support/core.ts'
import { rawConnection } from '../../support/file.ts'
import { failWrites } from '../../support/tamper.ts'
import {
  alice,
  ask,
  bob,
  carol,
  dave,
  edit,
  facts,
  gus,
  mallory,
  owners,
  policyOf,
  policyOfTwo,
  security,
  settings,
} from '../../support/world.ts'

type Core = ReturnType<typeof startCore>

const notAllowed = { name: 'Refusal', code: 'not_allowed' }
const press = (by: string, revision = 1, id = 1) => ({ id, by, revision })
const week = 604_800_000

describe('every verb is one event by the person who said it', () => {
  test('propose, with the rule that it meets and how long it waits', async () => {
    const { clock, core, outside } = createWorld()
    outside.policy = policyOf(
      [
        ask([bob], 1, { name: 'narrower', when: { verdict: ['narrows'] } }),
        {
          name: 'the rest',
          when: {},
          outcome: { kind: 'ask', parties: [{ from: [bob, carol], quorum: 2 }], confirm: true },
        },
      ],
      { lives: 2 * week, remindsAfter: 60_000 },
    )
    const change = await core.changes.propose({ ...edit(), reason: 'The pipeline moved' }, 'view-1')
    expect(change).toMatchObject({
      ...edit(),
      status: 'pending',
      reason: 'The pipeline moved',
      requirement: { rule: 'the rest', parties: [{ from: [bob, carol], quorum: 2 }], confirm: true },
      expiresAt: new Date(clock.now().getTime() + 2 * week).toISOString(),
      remindAt: new Date(clock.now().getTime() + 60_000).toISOString(),
    })
    expect((await core.store.events(1)).map(({ actor, event }) => `${actor} ${event.type}`)).toEqual([
      `${alice} proposed`,
    ])
  })

  test("approve, with the quorum of the current rules and the approver's comment", async () => {
    const { core, outside, proposed } = createWorld()
    outside.policy = policyOfTwo
    const id = await proposed()
    const first = await core.changes.approve({ id, by: bob, revision: 1 }, 'looks right')
    expect(first).toMatchObject({ status: 'pending', approvals: [{ by: bob, comment: 'looks right' }] })
    expect((await core.changes.approve({ id, by: carol, revision: 1 }, '')).status).toBe('approved')
    const seen = (await core.store.events(id)).map(({ actor, event }) => `${actor} ${event.type}`)
    expect(seen).toEqual([`${alice} proposed`, `${bob} approved`, `${carol} approved`])
  })

  test('reject', async () => {
    const { core, proposed } = createWorld()
    const id = await proposed()
    expect(await core.changes.reject(press(bob), 'not now')).toMatchObject({
      status: 'rejected',
      rejectedBy: bob,
      rejection: 'not now',
    })
    expect(await typesOf(core, id)).toEqual(['proposed', 'rejected'])
  })

  test('cancel, which looks nobody up', async () => {
    const { core, people, proposed } = createWorld()
    const id = await proposed()
    people.down = true
    expect(await core.changes.cancel(id, alice)).toMatchObject({ status: 'cancelled', cancelledBy: alice })
  })

  test('claim, once a person', async () => {
    const { core, proposed } = createWorld()
    await proposed()
    expect((await core.changes.claim(press(bob))).claimedBy).toBe(bob)
    await core.changes.claim(press(bob))
    expect(await typesOf(core)).toEqual(['proposed', 'claimed'])
  })

  test('nudge, as often as the policy allows', async () => {
    const { clock, core, proposed } = createWorld()
    await proposed()
    await core.catchUp.all()
    clock.pass(3600)
    expect((await core.changes.nudge(press(alice))).nudgedAt).toBe(clock.iso())
    clock.pass(3599)
    await expect(core.changes.nudge(press(alice))).rejects.toMatchObject({ code: 'wrong_status' })
    expect(await typesOf(core)).toEqual(['proposed', 'nudged', 'refused'])
  })
})

describe('a request that may not be made', () => {
  test.each([
    ['by somebody who may not ask', { mayAsk: [owners] }, 'You are not among those who may ask for changes'],
    ['of a token that is protected', { protects: ['ci-*'] }, 'This token is protected: nobody can change it here.'],
    ['to a name that is protected', { protects: ['*-release'] }, 'The name that it would get is protected'],
    ['of a token that is protected by its uid', { protects: ['t1'] }, 'This token is protected'],
    [
      'that no rule fits',
      { rules: [ask([bob], 1, { when: { verdict: ['widens' as const] } })] },
      'No rule of the policy',
    ],
    [
      'that a rule refuses',
      { rules: [{ name: 'freeze', when: {}, outcome: { kind: 'refuse' as const, because: 'Not in June.' } }] },
      'The policy forbids it (freeze): Not in June. Nothing was sent.',
    ],
    [
      'while a group is empty that a rule asks about',
      { rules: [ask([bob], 2, { name: 'hired', when: { requester: [security] } }), ask([bob])] },
      'The policy asks who is in the user group S0SECURITY, which is empty or disabled, so it is not clear which rule fits',
    ],
    ['that nobody could approve', { rules: [ask([alice, bob], 2)] }, 'Too few people besides those who ask'],
    ['for which a group is empty', { rules: [ask([security])] }, 'Too few people besides those who ask'],
  ])('a change %s is refused, and the refusal is in the log', async (_, changes, why) => {
    const { core, outside, people, proposed } = createWorld()
    people.groups.set(owners, [bob])
    outside.policy = { ...outside.policy, ...changes }
    await expect(proposed()).rejects.toMatchObject({ ...notAllowed, message: expect.stringContaining(why) })
    expect(await core.store.events()).toMatchObject([
      { actor: alice, changeId: null, event: { type: 'refused', attempted: 'propose', code: 'not_allowed' } },
    ])
  })

  test('a change that only guests could approve besides its requesters is refused before anybody is asked', async () => {
    const { core, outside, people, proposed } = createWorld()
    people.groups.set(owners, [alice, gus, bob, carol])
    outside.policy = policyOf([ask([owners])])
    for (const person of [gus, carol]) people.obstacles.set(person, 'guests may not use Countersign')
    await proposed()
    const asked = { id: 1, by: bob, revision: 1 }
    await expect(
      core.changes.amend(asked, { after: settings({ name: 'ci' }), reason: 'Shorter' }),
    ).rejects.toMatchObject(notAllowed)
    const amended = core.changes.mayAmendTo(asked, edit({ after: settings({ name: 'ci' }) }))
    expect((await amended).electorate.demands).toEqual([{ rule: 'approvers', parties: [{ people: [], quorum: 1 }] }])
    people.obstacles.set(bob, 'guests may not use Countersign')
    await expect(proposed({ tokenUid: 't2' })).rejects.toMatchObject({
      ...notAllowed,
      message: expect.stringContaining('so nobody could ever approve it'),
    })
  })

  test('people who are named, or in a named group, may ask', async () => {
    const { core, outside, people } = createWorld()
    people.groups.set(owners, [carol, alice])
    outside.policy = { ...outside.policy, mayAsk: [mallory, owners] }
    for (const requester of [alice, mallory]) {
      const asked = core.changes.propose({ ...edit({ requester }), reason: 'Because' }, `by ${requester}`)
      expect((await asked).requester).toBe(requester)
    }
    await expect(
      core.changes.propose({ ...edit({ requester: dave }), reason: 'Because' }, 'by dave'),
    ).rejects.toMatchObject(notAllowed)
  })

  test('a rule for some requesters fits them only, also by group', async () => {
    const { core, outside, people } = createWorld()
    people.groups.set(owners, [alice])
    outside.policy = policyOf([
      ask([bob], 1, { name: 'by owners', when: { requester: [owners] } }),
      ask([bob], 1, { name: 'by mallory', when: { requester: [mallory] } }),
      ask([bob, carol], 2, { name: 'by others' }),
    ])
    const ruleFor = async (requester: string) =>
      (await core.changes.propose({ ...edit({ requester }), reason: 'Because' }, `by ${requester}`)).requirement.rule
    expect(await Promise.all([alice, mallory, dave].map(ruleFor))).toEqual(['by owners', 'by mallory', 'by others'])
  })
})

describe('editing a change that is open', () => {
  const next = settings({ name: 'ci-next' })

  test('asks under the rule that the new content meets, and waits again', async () => {
    const { clock, core, outside, proposed } = createWorld()
    outside.policy = policyOf([
      ask([bob, carol, dave], 2, { name: 'wider', when: { verdict: ['widens'] } }),
      ask([bob, carol]),
    ])
    await proposed()
    clock.pass(3600)
    const wider = settings({ branches: ['main', 'development', 'feature-x'] })
    const amended = await core.changes.amend(press(alice), { after: wider, reason: 'One branch more' })
    expect(amended).toMatchObject({
      revision: 2,
      reason: 'One branch more',
      before: settings(),
      after: wider,
      requirement: { rule: 'wider' },
      expiresAt: new Date(clock.now().getTime() + week).toISOString(),
      amenders: [],
    })
  })

  test('voids the earlier approvals, whose buttons are refused with the state of the change', async () => {
    const { core, outside, proposed } = createWorld()
    outside.policy = policyOf([ask([bob, carol, dave], 2)])
    await proposed()
    await core.changes.approve(press(bob), '')
    expect(await core.changes.amend(press(alice), { after: next, reason: 'A better name' })).toMatchObject({
      approvals: [],
      voided: [bob],
    })
    await expect(core.changes.approve(press(carol, 1), '')).rejects.toMatchObject({
      code: 'wrong_status',
      message: expect.stringContaining('it is revision 2 now, and is waiting for approval'),
    })
    expect((await core.changes.approve(press(carol, 2), '')).status).toBe('pending')
    expect((await core.changes.approve(press(bob, 2), '')).status).toBe('approved')
  })

  test.each([
    ['somebody whom nothing names', mallory],
    ['somebody who may decide only on what it would become', dave],
    ['a guest whom the policy names', gus],
  ])('is refused for %s', async (_, person) => {
    const { core, outside, people, proposed } = createWorld()
    people.obstacles.set(gus, 'guests may not use Countersign')
    outside.policy = policyOf([
      ask([bob, carol, gus], 1, { name: 'names', when: { verdict: ['neutral'] } }),
      ask([dave, bob, carol], 1, { name: 'branches' }),
    ])
    await proposed()
    const attempt = core.changes.amend(press(person), { after: settings({ branches: ['main'] }), reason: 'Because' })
    await expect(attempt).rejects.toMatchObject(notAllowed)
    expect(await core.store.events(1)).toMatchObject([
      {},
      { actor: person, event: { type: 'refused', attempted: 'amend' } },
    ])
    expect((await core.store.get(1)).change.revision).toBe(1)
  })

  test('may be tried out, and nothing is written', async () => {
    const { core, proposed } = createWorld()
    await proposed()
    for (const by of [alice, bob])
      expect(await core.changes.mayAmend(press(by))).toEqual((await core.store.get(1)).change)
    expect(await typesOf(core)).toEqual(['proposed'])
    await expect(core.changes.mayAmend(press(mallory))).rejects.toMatchObject(notAllowed)
  })

  test('is refused if the new content is forbidden, and the approvals stand', async () => {
    const { core, outside, proposed } = createWorld()
    outside.policy = policyOf([
      { name: 'no more', when: { verdict: ['widens'] }, outcome: { kind: 'refuse', because: 'Nothing gets wider.' } },
      ask([bob, carol], 2),
    ])
    await proposed()
    await core.changes.approve(press(bob), '')
    const wider = settings({ branches: ['main', 'development', 'feature-x'] })
    await expect(core.changes.amend(press(alice), { after: wider, reason: 'Because' })).rejects.toThrow(
      'Nothing gets wider.',
    )
    expect((await core.store.get(1)).change).toMatchObject({ revision: 1, approvals: [{ by: bob }] })
  })
})

describe('rebasing a change whose token was changed elsewhere', () => {
  async function drifted(asked = settings({ name: 'ci-release' }), live = settings({ description: 'by hand' })) {
    const world = createWorld()
    await world.proposed({ after: asked })
    await world.core.changes.approve(press(bob), '')
    world.stack.live.set('t1', live)
    await world.core.catchUp.all()
    return world
  }

  test('asks for the same edit over the current token, under the current rule, and is applied once approved', async () => {
    const { core, outside, stack } = await drifted()
    outside.policy = policyOf([ask([bob, carol], 2, { name: 'of today' })])
    expect(await core.changes.rebase(press(alice))).toMatchObject({
      status: 'pending',
      revision: 2,
      before: settings({ description: 'by hand' }),
      after: settings({ name: 'ci-release', description: 'by hand' }),
      reason: 'The pipeline moved',
      requirement: { rule: 'of today' },
      voided: [bob],
    })
    await core.catchUp.all()
    expect(stack.writes()).toBe(0)
    await core.changes.approve(press(bob, 2), '')
    await core.changes.approve(press(carol, 2), '')
    await core.catchUp.all()
    expect(stack.live.get('t1')).toEqual(settings({ name: 'ci-release', description: 'by hand' }))
  })

  test('is for its requesters', async () => {
    const { core } = await drifted()
    for (const by of [bob, mallory]) await expect(core.changes.rebase(press(by))).rejects.toMatchObject(notAllowed)
    expect((await typesOf(core)).slice(-2)).toEqual(['refused', 'refused'])
  })

  test('is refused while nothing was changed elsewhere', async () => {
    const { core, proposed } = createWorld()
    await proposed()
    await expect(core.changes.rebase(press(alice))).rejects.toMatchObject({
      code: 'wrong_status',
      message: expect.stringContaining("You can't rebase change #1 now: it is waiting for approval"),
    })
  })

  test('is refused if it would leave the token without a branch, and so without a limit', async () => {
    const { core } = await drifted(
      settings({ branches: ['main'], aliases: [] }),
      settings({ branches: ['development'], aliases: [] }),
    )
    const refusal = await core.changes.rebase(press(alice)).catch((error: unknown) => error)
    expect(refusal).toMatchObject({
      code: 'invalid',
      message: expect.stringMatching(/can't be made to the token as it is now\. .*needs at least one branch or alias/),
    })
    expect((await core.store.get(1)).change.status).toBe('drifted')
  })

  test('is refused if a branch that it asks for is gone', async () => {
    const { core } = await drifted(settings({ branches: ['main', 'development', 'feature-x'] }))
    await core.store.rememberFacts('website', facts({ branches: ['main', 'development'] }))
    await expect(core.changes.rebase(press(alice))).rejects.toThrow('The stack has no branch called feature-x.')
  })

  test('is refused while nobody knows the facts about the stack', async () => {
    const { core, path } = await drifted()
    rawConnection(path).exec('delete from stacks')
    await expect(core.changes.rebase(press(alice))).rejects.toMatchObject({ code: 'unavailable' })
  })
})

describe('people learn if they could approve or reject before they fill in a form', () => {
  const verbs = ['mayApprove', 'mayReject'] as const

  test.each(verbs)('%s, for an approver of a pending change, and nothing is written', async (verb) => {
    const { core, proposed } = createWorld()
    await proposed()
    const { change } = await core.store.get(1)
    const shown = { change: { ...change, seated: [[[]]] }, confirm: false, noNearer: false }
    expect(await core.changes[verb](press(bob))).toEqual(verb === 'mayApprove' ? shown : change)
    expect(await typesOf(core)).toEqual(['proposed'])
  })

  test.each(
    verbs.flatMap((verb) => [
      [verb, 'to somebody whom the policy does not name', mallory, 1, 'not_allowed'] as const,
      [verb, 'to the requester', alice, 1, 'not_allowed'] as const,
      [verb, 'to a guest', gus, 1, 'not_allowed'] as const,
      [verb, 'on an older revision', bob, 0, 'wrong_status'] as const,
    ]),
  )('%s: no, %s, and the refusal is recorded', async (verb, _, person, revision, code) => {
    const { core, outside, people, proposed } = createWorld()
    people.obstacles.set(gus, 'guests may not use Countersign')
    outside.policy = policyOf([ask([bob, gus])])
    await proposed()
    await expect(core.changes[verb](press(person, revision))).rejects.toMatchObject({ code })
    const attempted = verb === 'mayReject' ? 'reject' : 'approve'
    expect((await core.store.events())[1]).toMatchObject({ actor: person, event: { type: 'refused', attempted, code } })
  })
})

test('a proposal that is sent again opens no second change', async () => {
  const { core, proposed } = createWorld()
  expect([await proposed(), await proposed()]).toEqual([1, 1])
  expect(await typesOf(core)).toEqual(['proposed'])
})

test('a second press of the same button is refused, and changes nothing', async () => {
  const { core, proposed } = createWorld()
  const id = await proposed()
  await core.changes.approve({ id, by: bob, revision: 1 }, '')
  const before = await core.store.get(id)
  await expect(core.changes.approve({ id, by: bob, revision: 1 }, '')).rejects.toMatchObject({
    code: 'no_changes',
    message: 'Change #1 has your approval already, and it is approved and about to be applied. Nothing more was done.',
  })
  expect(await core.store.get(id)).toEqual(before)
})

test('somebody who may do nothing here is told why', async () => {
  const { core, people } = createWorld()
  people.obstacles.set(gus, 'guests may not use Countersign')
  await expect(core.electorates.requireMember(gus)).rejects.toMatchObject({
    ...notAllowed,
    message: 'This is not for you: guests may not use Countersign. Nothing was done.',
  })
  await expect(core.electorates.requireMember(bob)).resolves.toBeUndefined()
  people.down = true
  await expect(core.electorates.requireMember(bob)).rejects.toThrow('Slack can not be asked')
})

describe('a refusal is recorded, with who attempted what and why it was refused', () => {
  test.each([
    ['approve', (core: Core) => core.changes.approve(press(mallory), '')],
    ['reject', (core: Core) => core.changes.reject(press(mallory), 'no')],
    [
      'amend',
      (core: Core) => core.changes.amend(press(mallory), { after: settings({ name: 'mine' }), reason: 'Because' }),
    ],
    ['claim', (core: Core) => core.changes.claim(press(mallory))],
    ['nudge', (core: Core) => core.changes.nudge(press(mallory))],
    ['cancel', (core: Core) => core.changes.cancel(1, mallory)],
  ])('%s', async (attempted, attempt) => {
    const { clock, core, proposed } = createWorld()
    await proposed()
    const refusal: unknown = await attempt(core).catch((error: unknown) => error)
    expect(refusal).toMatchObject(notAllowed)
    const why = (refusal as Error).message
    expect((await core.store.events(1))[1]).toEqual({
      seq: 2,
      at: clock.iso(),
      actor: mallory,
      changeId: 1,
      event: { type: 'refused', attempted, code: 'not_allowed', why },
    })
    expect((await core.store.get(1)).change.status).toBe('pending')
  })

  test('propose, which has no change yet', async () => {
    const { core, proposed } = createWorld()
    await expect(proposed({ after: settings() })).rejects.toMatchObject({ code: 'no_changes' })
    expect(await core.store.events()).toMatchObject([
      { actor: alice, changeId: null, event: { type: 'refused', attempted: 'propose', code: 'no_changes' } },
    ])
  })
})

test.each([
  ['approve', (core: Core) => core.changes.approve(press(bob, 1, 7), '')],
  ['amend', (core: Core) => core.changes.amend(press(alice, 1, 7), { after: settings(), reason: 'Because' })],
  ['rebase', (core: Core) => core.changes.rebase(press(alice, 1, 7))],
  ['cancel', (core: Core) => core.changes.cancel(7, alice)],
])(
  'a change that is not there is refused (%s), and the log keeps that without referring to it',
  async (attempted, attempt) => {
    const { core } = createWorld()
    await expect(attempt(core)).rejects.toMatchObject({ code: 'not_found' })
    expect(await core.store.events()).toMatchObject([{ changeId: null, event: { type: 'refused', attempted } }])
  },
)

test('if the log cannot be written, nothing is decided', async () => {
  const { core, proposed } = createWorld()
  const id = await proposed()
  failWrites('insert into "audit_events"', { message: 'disk full' })
  await expect(core.changes.approve({ id, by: bob, revision: 1 }, '')).rejects.toThrow('disk full')
  await expect(core.changes.propose({ ...edit(), reason: 'Because' }, 'view-2')).rejects.toThrow('disk full')
  await expect(core.changes.approve({ id, by: mallory, revision: 1 }, '')).rejects.toThrow('disk full')
  expect((await core.store.get(id)).change).toMatchObject({ status: 'pending', approvals: [] })
})
