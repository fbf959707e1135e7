import { expect, test } from 'vitest'
import { startWorld } from '../support/journey.ts'

const ciDeploy = 'blt5c1de0000000a001'

test('whoever asks for the same edit again is shown the change that asks for it, with its card, and sends nothing', async () => {
  const { alice, bob, slack, store } = await startWorld({ transport: 'socket' })
  const { ts } = await alice.asksFor('ci-deploy', { name: 'ci' })
  await alice.opens('ci-deploy')
  await alice.fillsIn({ name: 'ci', reason: 'Other words' })
  const view = await alice.submits()
  expect(view?.view).toMatchObject({ callback_id: 'refusal', title: { text: 'Already asked for' } })
  expect(view?.view).not.toHaveProperty('submit')
  const card = `${slack.url}/archives/C0APPROVALS/p${ts.replace('.', '')}`
  expect(alice.reads()).toContain('#1 Renames ci-deploy to ci · Website. It is waiting for 1 approval. ')
  expect(alice.reads()).toContain(`[Open the card](${card})`)
  expect(alice.reads()).toContain('Nothing was sent. On its card you can nudge the approvers')
  await alice.closeModal()
  await alice.fillsIn({ name: 'ci-2' })
  expect((await alice.submits())?.view.callback_id).toBe('preview')
  await alice.submits()
  await slack.waitFor(() => bob.cards()[1], 'the card of what differs')
  expect((await store.changes({ most: 9 })).length).toBe(2)
})

test('the same edit in one line is shown the same, and another person may ask for it, but is told', async () => {
  const { alice, carol } = await startWorld({ transport: 'http' })
  await alice.asksFor('ci-deploy', { name: 'ci' })
  await alice.says('/token rename ci-deploy to ci because it is late')
  await alice.modalCalled('refusal')
  expect(alice.reads()).toContain('You already ask for this, in a change that is still open:')
  await carol.checks('ci-deploy', { name: 'ci' })
  expect(carol.reads()).toContain('Change #1 by @U0ALICE asks for the same edit already.')
  expect(await carol.submits()).toBeUndefined()
})

test('a stopped change that asks for the same is rebased or cancelled, and not asked for a second time', async () => {
  const { alice, bob, slack, stack, passes, until } = await startWorld({ transport: 'socket' })
  const card = await alice.asksFor('ci-deploy', { name: 'ci' })
  stack.edit(ciDeploy, { description: 'By hand' })
  passes(61)
  await slack.waitFor(() => /was stopped/.test(bob.card(card).text), 'the drift')
  await alice.opens('ci-deploy')
  await alice.fillsIn({ name: 'ci', reason: 'Again' })
  await alice.submits()
  expect(alice.reads()).toContain('On its card you can rebase it')
  await alice.cancels(alice.card(card))
  await until('the end', () => /was cancelled/.test(bob.card(card).text))
  await alice.checks('ci-deploy', { name: 'ci' })
})

test('of two previews of the same edit, only the first is sent', async () => {
  const { alice, bob, slack, store } = await startWorld({ transport: 'socket' })
  await alice.checks('ci-deploy', { name: 'ci' })
  const first = alice.modal()!
  await alice.checks('ci-deploy', { name: 'ci' })
  await alice.submits()
  await slack.waitFor(() => bob.cards()[0], 'the card')
  const { deliveries } = slack
  const sent = deliveries.findLast(({ kind }) => kind === 'view_submission')!
  const again = { ...sent.body, view: { ...(sent.body.view as object), private_metadata: first.view.private_metadata } }
  const { ackBody } = await slack.redeliver({ ...sent, body: again })
  expect(JSON.stringify(ackBody)).toContain('You already ask for this in change #1, which is waiting for approval.')
  expect((await store.changes({ most: 9 })).length).toBe(1)
})
