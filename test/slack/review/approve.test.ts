import { expect, test } from 'vitest'
import { startWorld } from '../../support/journey.ts'
import { buttonsIn } from '../kit/drawn.ts'

const transport = 'socket'
const ciDeploy = 'blt5c1de0000000a001'
const confirmed = {
  approvers: undefined,
  policy: { rules: [{ name: 'wording', approvers: ['U0BOB', 'U0CAROL'], confirm: true }] },
}

async function asksUnder(config: Readonly<Record<string, unknown>>) {
  const world = await startWorld({ transport, config })
  const card = await world.alice.asksFor('ci-deploy', { name: 'ci' })
  const applied = () => world.slack.waitFor(() => /was applied/.test(world.bob.card(card).text), 'the card to say so')
  return { ...world, card, applied }
}

test('if the rule says so, approving asks for the name of the token', async () => {
  const { bob, card, stack, audit, applied } = await asksUnder(confirmed)
  expect(buttonsIn(card.blocks)).not.toContain('approve_with_comment')
  await bob.approves(card)
  await bob.modalCalled('approve_form')
  expect(bob.reads()).toContain('Neutral: what the token may do stays the same.')
  expect(await audit(1)).toEqual(['U0ALICE proposed'])

  await bob.fillsIn({ token_name: 'ci' })
  await bob.submits()
  expect(bob.errors()).toEqual({ token_name: expect.stringContaining('nothing was approved') })
  expect(await audit(1)).toEqual(['U0ALICE proposed'])

  await bob.fillsIn({ token_name: 'ci-deploy' })
  expect(await bob.submits()).toBeUndefined()
  await applied()
  expect(stack.takenUpdates(ciDeploy)).toBe(1)
})

test('an approval that makes no difference asks for confirmation, with who is still missing', async () => {
  const parties = [{ from: ['U0BOB', 'U0CAROL'] }, { from: ['U0DAVE'] }]
  const { bob, carol, card, slack, audit } = await asksUnder({
    approvers: undefined,
    policy: { rules: [{ name: 'both', all_of: parties }] },
  })
  await bob.approves(card)
  await slack.waitFor(() => carol.readsCard(card).includes('approved by @U0BOB'), 'the first approval')
  await carol.approves(carol.card(card))
  await carol.modalCalled('approve_form')
  expect(carol.reads()).toContain(
    'On its own, your approval will not reduce what is still missing: people who could approve in your place already have. Still ' +
      'missing:\n○ @U0DAVE: needs 1 approval\n',
  )
  expect(await audit(1)).toEqual(['U0ALICE proposed', 'U0BOB approved'])
  expect(await carol.submits()).toBeUndefined()
  expect((await audit(1)).at(-1)).toBe('U0CAROL approved')
})

test('a comment on an approval is on the card and reaches the requester', async () => {
  const { alice, bob, card, slack, applied } = await asksUnder({})
  await bob.presses(card, 'approve_with_comment')
  await bob.modalCalled('approve_form')
  await bob.fillsIn({ comment: 'Good\n<!channel>' })
  expect(await bob.submits()).toBeUndefined()
  await applied()
  expect(bob.readsCard(card)).toMatch(/Approved by @U0BOB .*\nGood\n<!channel>/)
  await slack.waitFor(() => alice.dms().at(-1)?.includes('was applied'), 'the word to Alice')
  expect(alice.dms().at(-1)).toContain('@U0BOB wrote when approving:\nGood\n<!channel>')
})

test.each([
  ['approve', confirmed],
  ['approve_with_comment', {}],
])('somebody who may not decide is refused before a form opens: %s', async (button, config) => {
  const { alice, mallory, card, stack, audit } = await asksUnder(config)
  await mallory.presses(card, button)
  expect(await mallory.hears()).toEqual([
    "You can't approve change #1: only the people its rule names may decide on it (<@U0BOB>, <@U0CAROL>). Nothing was done. " +
      'To say something about it, write in the thread of its card.',
  ])
  await alice.presses(card, button)
  expect(await alice.hears()).toEqual([
    "You can't approve change #1: whoever asks for a change may not decide on it. Nothing was done. " +
      'Its rule names <@U0BOB>, <@U0CAROL>. In the menu of its card, you can edit it, nudge them, or cancel it.',
  ])
  expect([mallory.modal(), alice.modal()]).toEqual([undefined, undefined])
  expect(await audit(1)).toEqual(['U0ALICE proposed', 'U0MALLORY refused', 'U0ALICE refused'])
  expect(stack.takenUpdates()).toBe(0)
})

test('an approval written for an older revision is refused in its form', async () => {
  const { alice, bob, card, stack, audit } = await asksUnder(confirmed)
  await bob.approves(card)
  await bob.modalCalled('approve_form')
  await alice.presses(card, 'amend')
  await alice.modalCalled('edit_form')
  await alice.fillsIn({ name: 'ci-next' })
  await alice.submits()
  expect(await alice.submits()).toBeUndefined()
  await bob.fillsIn({ token_name: 'ci-deploy' })
  await bob.submits()
  expect(bob.modal()?.view.callback_id).toBe('refusal')
  expect(bob.reads()).toContain('it is revision 2 now')
  expect(stack.takenUpdates()).toBe(0)
  expect(await audit(1)).toEqual(['U0ALICE proposed', 'U0ALICE amended', 'U0BOB refused'])
})

const ofSecurity = {
  approvers: undefined,
  policy: {
    rules: [
      { name: 'of security', when: { requester: ['S0SECURITY'] }, approvers: ['U0BOB', 'U0CAROL'], confirm: true },
      { name: 'others', approvers: ['U0BOB', 'U0CAROL'] },
    ],
  },
}

test('if the rule now says so, since the requester has joined a group, a press opens the form', async () => {
  const { bob, carol, card, slack, stack, applied } = await asksUnder(ofSecurity)
  await carol.presses(card, 'approve_with_comment')
  await carol.modalCalled('approve_form')
  await slack.admin.changeUserGroup('S0SECURITY', { users: ['U0DAVE', 'U0ALICE'] })
  expect(buttonsIn(card.blocks)).toContain('approve_with_comment')

  await carol.submits()
  expect(carol.modal()?.view.callback_id).toBe('refusal')
  expect(carol.reads()).toContain('has to type the name of its token, under the current policy.')
  expect(stack.takenUpdates()).toBe(0)

  await bob.approves(card)
  await bob.modalCalled('approve_form')
  await bob.fillsIn({ token_name: 'ci-deploy' })
  expect(await bob.submits()).toBeUndefined()
  await applied()
})

test('an approval that Slack delivers again is said to stand, whatever has happened since', async () => {
  const { bob, card, slack, stack, audit, applied } = await asksUnder({})
  const delivery = await bob.presses(card, 'approve')
  await applied()
  await slack.redeliver(delivery)
  expect(await bob.hears()).toEqual([
    'Change #1 has your approval already, and it has been applied. Nothing more was done.',
  ])
  expect(stack.takenUpdates()).toBe(1)
  expect((await audit(1)).filter((entry) => entry === 'U0BOB approved')).toHaveLength(1)
})

test('as is one that was given in a form', async () => {
  const { bob, card, slack, applied } = await asksUnder({})
  await bob.presses(card, 'approve_with_comment')
  await bob.modalCalled('approve_form')
  await bob.submits()
  await applied()
  const delivery = slack.deliveries.findLast(({ kind }) => kind === 'view_submission')!
  const again = await slack.redeliver(delivery)
  expect(JSON.stringify(again.ackBody)).toContain('has your approval already')
  expect(JSON.stringify(again.ackBody)).toContain('Nothing had to be done')
})
