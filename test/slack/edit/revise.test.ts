import { expect, test } from 'vitest'
import { startWorld } from '../../support/journey.ts'
import { buttonsIn } from '../kit/drawn.ts'

const transport = 'socket'
const ciDeploy = 'blt5c1de0000000a001'
const both = { approvals: 2 }

async function asked(config: Readonly<Record<string, unknown>> = {}) {
  const world = await startWorld({ transport, config })
  const card = await world.alice.asksFor('ci-deploy', { name: 'ci' })
  const says = (words: RegExp) =>
    world.slack.waitFor(() => words.test(world.bob.readsCard(card)), `the card to say ${words}`)
  return { ...world, card, says }
}

test('the requester edits an open change: a new revision, which nobody has approved', async () => {
  const { alice, bob, carol, card, stack, slack, says, audit } = await asked(both)
  await bob.approves(card)
  await says(/[Aa]pproved by @U0BOB/)
  await alice.presses(card, 'amend')
  await alice.modalCalled('edit_form')
  expect(await alice.form()).toMatchObject({ name: 'ci', reason: 'The pipeline moved' })
  expect(alice.reads()).toContain('This edits change #1, which is open as revision 1.')
  await alice.fillsIn({ name: 'ci-next' })
  await alice.submits()
  expect(alice.reads()).toContain('it becomes revision 2, and needs new approvals.')
  expect(alice.reads()).toContain('Approvals given so far will no longer count: @U0BOB')
  expect(await alice.submits()).toBeUndefined()

  await says(/revision 2/)
  expect(bob.readsCard(card)).toContain('Name: ci-deploy → ci-next')
  expect(bob.readsCard(card)).toContain('Approved an earlier revision, which no longer counts: @U0BOB')
  await slack.waitFor(() => bob.dms().length > 0, 'the word to Bob')
  expect(bob.dms()).toEqual([
    expect.stringContaining('Your approval of change #1 to token ci-deploy on Website no longer counts'),
  ])
  expect(carol.dms()).toEqual([])

  await carol.approves(bob.card(card))
  await says(/[Aa]pproved by @U0CAROL/)
  expect(stack.takenUpdates()).toBe(0)
  await bob.approves(bob.card(card))
  await says(/was applied/)
  expect(stack.token(ciDeploy)?.name).toBe('ci-next')
  expect(await audit(1)).toEqual([
    'U0ALICE proposed',
    'U0BOB approved',
    'U0ALICE amended',
    'U0CAROL approved',
    'U0BOB approved',
    'app apply_started',
    'app write_answered',
    'app applied',
  ])
})

test('an approver who edits a change may no longer decide on it', async () => {
  const { bob, carol, card, stack, says } = await asked()
  await bob.presses(card, 'amend')
  await bob.modalCalled('edit_form')
  expect(bob.reads()).toContain('Once you have sent it, you can no longer approve or reject this change.')
  await bob.fillsIn({ name: 'ci-bob' })
  await bob.submits()
  expect(bob.reads()).toContain('Since you edit it, you can no longer decide on it.')
  expect(await bob.submits()).toBeUndefined()
  await says(/Edited by @U0BOB/)
  await bob.approves(bob.card(card))
  expect(await bob.hears()).toEqual([
    "You can't approve change #1: whoever edits a change may not decide on it. Nothing was done. Its rule names <@U0CAROL>. " +
      'In the menu of its card, you can edit it again, or nudge them.',
  ])
  await carol.approves(bob.card(card))
  await says(/was applied/)
  expect(stack.token(ciDeploy)?.name).toBe('ci-bob')
})

test('somebody who may neither ask nor decide cannot open the form on a change', async () => {
  const { mallory, card } = await asked()
  await mallory.presses(card, 'amend')
  expect(await mallory.hears()).toEqual([expect.stringContaining("You can't edit change #1")])
  expect(mallory.modal()).toBeUndefined()
})

test.each(['approve', 'reject', 'claim', 'amend', 'nudge'])(
  'a press of %s on a card of an earlier revision is refused with the present state',
  async (button) => {
    const { alice, bob, card, slack, stack, says } = await asked()
    slack.trouble.fail['chat.update'] = 'internal_error'
    await alice.presses(card, 'amend')
    await alice.modalCalled('edit_form')
    await alice.fillsIn({ name: 'ci-next' })
    await alice.submits()
    expect(await alice.submits()).toBeUndefined()
    const presser = button === 'nudge' ? alice : bob
    await presser.presses(card, button)
    expect(await presser.hears()).toEqual([expect.stringMatching(/it is revision 2 now, and is waiting for approval/)])
    expect(presser.modal()).toBeUndefined()
    expect(stack.takenUpdates()).toBe(0)
    delete slack.trouble.fail['chat.update']
    await says(/revision 2/)
  },
)

test.each(['edited', 'rejected'])(
  'a form left open on a change that is %s meanwhile is told so before its preview',
  async (how) => {
    const { alice, bob, carol, card, says } = await asked()
    await alice.presses(card, 'amend')
    await alice.modalCalled('edit_form')
    await alice.fillsIn({ name: 'ci-alice' })
    if (how === 'edited') await bob.amends(card, { name: 'ci-bob' })
    else await carol.rejects(card, 'Not now')
    await says(how === 'edited' ? /Edited by @U0BOB/ : /was rejected/)
    await alice.submits()
    expect(alice.modal()?.view.callback_id).toBe('refusal')
    expect(alice.reads()).toContain(
      how === 'edited' ? 'it is revision 2 now, and is waiting' : "You can't edit change #1 now: it was rejected",
    )
    await alice.closeModal()
    expect(await alice.form()).toMatchObject({ name: 'ci-alice' })
  },
)

test('a stopped change shows what was found, and goes on as a rebase over it', async () => {
  const { alice, bob, card, stack, slack, says, audit } = await asked()
  stack.edit(ciDeploy, { description: 'By hand' })
  await bob.approves(card)
  await says(/was stopped/)
  expect(bob.readsCard(card)).toContain('Description: Deploys from CI → By hand')
  expect(buttonsIn(bob.card(card).blocks)).toEqual(['rebase', 'cancel'])
  await slack.waitFor(() => alice.dms().some((said) => said.includes('press Rebase on its card')), 'the word to Alice')

  await bob.presses(bob.card(card), 'rebase')
  expect(await bob.hears()).toEqual([
    'Only those who asked for change #1 can rebase it: <@U0ALICE>. Nothing was done. Until then it stays stopped, and nothing is written.',
  ])
  await alice.rebases(bob.card(card))
  await says(/revision 2/)
  expect(bob.readsCard(card)).toContain('Name: ci-deploy → ci')
  expect(bob.readsCard(card)).not.toContain('Description')
  await slack.waitFor(() => bob.dms().length > 0, 'the word to Bob')
  expect(stack.takenUpdates()).toBe(0)

  await bob.approves(bob.card(card))
  await says(/was applied/)
  expect(stack.token(ciDeploy)).toMatchObject({ name: 'ci', description: 'By hand' })
  expect((await audit(1)).filter((event) => event.endsWith('rebased'))).toEqual(['U0ALICE rebased'])
})

test('an edit of an open change that changes nothing is told so in place of a preview', async () => {
  const { alice, card } = await asked()
  await alice.presses(card, 'amend')
  await alice.modalCalled('edit_form')
  await alice.submits()
  expect(alice.modal()?.view.callback_id).toBe('refusal')
  expect(alice.reads()).toContain('This is what change #1 asks for already. Its approvals stand.')
  await alice.closeModal()
  await alice.fillsIn({ name: 'ci-3' })
  expect((await alice.submits())?.view.callback_id).toBe('preview')
})

test('an edit that the policy forbids is refused before anybody is asked, and the form keeps its contents', async () => {
  const rules = [
    { name: 'names stay', when: { verdict: 'neutral' }, refuse: 'Names are frozen.' },
    { name: 'wording', approvers: ['U0BOB'] },
  ]
  const { alice } = await startWorld({ transport, config: { approvers: undefined, policy: { rules } } })
  await alice.opens('ci-deploy')
  await alice.fillsIn({ name: 'ci', reason: 'Why not' })
  await alice.submits()
  expect(alice.modal()?.view.callback_id).toBe('refusal')
  expect(alice.reads()).toContain('The policy forbids it (names stay): Names are frozen.')
  await alice.closeModal()
  expect(await alice.form()).toMatchObject({ name: 'ci', reason: 'Why not' })
})
