import { describe, expect, test } from 'vitest'
import { startWorld, transports, type World } from '../support/journey.ts'

const uid = 'blt5c1de0000000a001'
const transport = 'socket'

type Person = World['alice']

async function apply(world: World, fields: Record<string, string>): Promise<void> {
  const { alice, bob, slack } = world
  const card = await alice.asksFor('ci-deploy', fields)
  await bob.approves(card)
  await slack.waitFor(() => /was applied/.test(bob.card(card).text), 'the outcome')
}

/** Goes from the token's page to the form that undoes what `value` names. */
async function reverts(person: Person, value: string) {
  await person.says(`/token show ${uid}`)
  const page = await person.modalCalled('token_page')
  await person.press({ id: page.id }, 'revert', value)
  const form = await person.modalCalled('edit_form')
  expect(form.id).toBe(page.id)
  return form
}

describe.each(transports)('a revert over %s', (transport) => {
  test('asks for all settings as they were before a change, and is handled like any other change', async () => {
    const world = await startWorld({ transport })
    const { alice, bob, carol, slack, stack, store } = world
    const original = stack.token(uid)!
    await apply(world, { description: 'Faster', 'module.asset': 'write' })
    await apply(world, { 'module.webhook': 'read', description: 'Fastest' })
    await reverts(carol, 'change:1')
    expect(carol.reads()).toContain(
      'This form asks for all settings as they were before #1, so later edits are undone too.',
    )
    expect(await carol.form()).toMatchObject({
      description: 'Deploys from CI',
      'module.asset': 'none',
      reason: 'Revert to before #1: ',
    })

    await carol.submits()
    expect(carol.errors()).toEqual({
      reason: 'Say why it should be undone: approvers read it to decide, and it goes into the log.',
    })
    await carol.fillsIn({ reason: 'Revert to before #1: the job needs no assets' })
    expect((await carol.submits())?.view.callback_id).toBe('preview')
    expect(carol.reads()).toContain('Narrows: loses read and write on assets; loses read on webhooks.')
    expect(carol.reads()).toContain('Asked for as a revert to before #1.')
    expect(carol.reads()).toContain('Description: Fastest → Deploys from CI')
    expect(await carol.submits()).toBeUndefined()

    const card = await slack.waitFor(() => bob.cards()[2], 'the card')
    expect(bob.readsCard(card)).toContain('Asked for as a revert to before #1.')
    await bob.approves(card)
    await slack.waitFor(() => /was applied/.test(bob.card(card).text), 'the outcome')
    const { updated_at: _, updated_by: __, ...reverted } = stack.token(uid)!
    const { updated_at: ___, updated_by: ____, ...before } = original
    expect(reverted).toEqual(before)
    const { change } = await store.get(3)
    expect(change).toMatchObject({ requester: carol.id, reverts: { kind: 'change', number: 1 } })
    expect(change.after).toEqual((await store.get(1)).change.before)
    await alice.says('/token history ci-deploy')
    expect((await alice.hears())[0]).toContain('Revert to before #1: the job needs no assets')
  })

  test('undoes an edit made elsewhere the same way', async () => {
    const world = await startWorld({ transport })
    const { alice, bob, slack, stack, store, until } = world
    stack.edit(uid, { description: 'By hand', name: 'ci-deploy-2' })
    await alice.says('/token show ci-deploy')
    await alice.modalCalled('token_page')
    await until('the edit to be noted', async () => (await world.audit()).includes('app outside_edit'))
    await alice.closeModal()
    const [edit] = (await store.events()).filter(({ event }) => event.type === 'outside_edit')
    await reverts(alice, `edit:${edit!.seq}`)
    expect(await alice.form()).toMatchObject({ name: 'ci-deploy', description: 'Deploys from CI' })
    await alice.fillsIn({ reason: 'Nobody had agreed to it' })
    await alice.submits()
    expect(alice.reads()).toContain(
      `Asked for as a revert to before the edit made elsewhere (entry ${edit!.seq} of the log).`,
    )
    await alice.submits()
    const card = await slack.waitFor(() => bob.cards()[0], 'the card')
    await bob.approves(card)
    await slack.waitFor(() => /was applied/.test(bob.card(card).text), 'the outcome')
    expect(stack.token(uid)).toMatchObject({ name: 'ci-deploy', description: 'Deploys from CI' })
  })
})

test('an expiry that is over by now is reported at its field, and everything else is kept', async () => {
  const world = await startWorld({ transport })
  const { alice, stack, store, until } = world
  const seen = async (count: number) => {
    await alice.says(`/token show ${uid}`)
    await until(
      `${count} edits`,
      async () => (await world.audit()).filter((one) => one === 'app outside_edit').length === count,
    )
    await alice.closeModal()
  }
  stack.edit(uid, { expires_on: '2020-01-31', description: 'Long ago' })
  await seen(1)
  stack.edit(uid, { expires_on: null, description: 'Since then', is_email_notification_enabled: false })
  await seen(2)
  const edit = (await store.events()).filter(({ event }) => event.type === 'outside_edit').at(-1)!
  await reverts(alice, `edit:${edit.seq}`)
  expect(alice.reads()).toContain('The token would have expired already')
  expect(await alice.form()).toMatchObject({ description: 'Long ago', expiry: 'date', date: '2020-01-31' })
  await alice.fillsIn({ reason: 'As it was' })
  await alice.looksInto('expiry')
  await alice.submits()
  expect(alice.errors()).toEqual({ date: expect.stringContaining('The token would have expired already') })
  await alice.fillsIn({ expiry: 'never' })
  expect(await alice.form()).toMatchObject({ description: 'Long ago', reason: 'As it was' })
  expect((await alice.submits())?.view.callback_id).toBe('preview')
  expect(alice.reads()).toContain('Description: Since then → Long ago')
  expect(alice.reads()).not.toContain('Expires')
})

test('branches that are gone since are named, and the rest of the form stays', async () => {
  const world = await startWorld({ transport, stack: { branches: ['main', 'development'] } })
  const { alice, stack, store, until } = world
  stack.edit(uid, { scope: [{ module: 'branch', acl: { read: true }, branches: ['main'] }] })
  await alice.says(`/token show ${uid}`)
  await until('the edit', async () => (await world.audit()).includes('app outside_edit'))
  await alice.closeModal()
  const [edit] = (await store.events()).filter(({ event }) => event.type === 'outside_edit')
  await store.rememberFacts('website', { ...(await store.knownFacts('website'))!, branches: ['main'] })
  await reverts(alice, `edit:${edit!.seq}`)
  expect(alice.reads()).toContain('The stack has no branch called development.')
  expect(await alice.form()).toMatchObject({ branches: ['main', 'development'], 'module.entry': 'write' })
})

test('scope entries that are not understood stay as they are, and the form says that it cannot bring them back', async () => {
  const odd = [{ module: 'variant', acl: { read: true } }]
  const world = await startWorld({ transport })
  const { alice, stack, store, until } = world
  stack.edit(uid, { description: 'By hand', scope: [...stack.token(uid)!.scope!, ...odd] })
  await alice.says(`/token show ${uid}`)
  await until('the edit', async () => (await world.audit()).includes('app outside_edit'))
  await alice.closeModal()
  const [edit] = (await store.events()).filter(({ event }) => event.type === 'outside_edit')
  await reverts(alice, `edit:${edit!.seq}`)
  expect(alice.reads()).toContain("This form can't bring back, and leaves as it is: Other scope entries.")
  await alice.fillsIn({ reason: 'As it was' })
  await alice.submits()
  expect(alice.reads()).toContain('Description: By hand → Deploys from CI')
  expect(alice.reads()).toContain('Kept as they are: 1 scope entry')
})

test('what is already undone is not undone again, and the person who tries is told', async () => {
  const world = await startWorld({ transport })
  const { alice } = world
  await apply(world, { description: 'Faster' })
  await apply(world, { description: 'Deploys from CI' })
  await alice.says(`/token show ${uid}`)
  const { id } = await alice.modalCalled('token_page')
  await alice.press({ id }, 'revert', 'change:1')
  await world.until('the refusal', () =>
    alice.dms().some((said) => said.includes('The token is already as it was before that.')),
  )
  expect(alice.modal()?.view.callback_id).toBe('token_page')
})

test('a change that never reached the stack has nothing to undo, and no button for it', async () => {
  const world = await startWorld({ transport })
  const { alice, bob, slack } = world
  const card = await alice.asksFor('ci-deploy', { description: 'Not to be' })
  await bob.rejects(card, 'No need')
  await slack.waitFor(() => alice.dms()[1]?.includes('was rejected'), 'the rejection')
  await alice.says('/token show ci-deploy')
  const { id } = await alice.modalCalled('token_page')
  expect(alice.reads()).toContain('#1 was rejected')
  expect(alice.reads()).not.toContain('Revert to before this\n')
  await expect(alice.press({ id }, 'revert', 'change:1')).rejects.toThrow()
})

test('a token that moves under the form keeps the request, and the preview shows what else is undone', async () => {
  const world = await startWorld({ transport })
  const { alice, stack, slack } = world
  await apply(world, { description: 'Faster' })
  await alice.says(`/token show ${uid}`)
  const { id } = await alice.modalCalled('token_page')
  await world.until('the look behind the page', () => stack.requests.at(-1)?.status === 200)
  stack.edit(uid, { name: 'by-hand' })
  await alice.press({ id }, 'revert', 'change:1')
  await slack.waitFor(() => alice.reads().includes('Sending this form undoes that too'), 'the form to be redrawn')
  expect(await alice.form()).toMatchObject({ name: 'ci-deploy', description: 'Deploys from CI' })
  await alice.fillsIn({ reason: 'As it was' })
  await alice.submits()
  expect(alice.reads()).toContain('Name: by-hand → ci-deploy\nDescription: Faster → Deploys from CI')
})

test('a policy that refuses the edit refuses it as a revert too', async () => {
  const world = await startWorld({ transport })
  const { alice } = world
  await apply(world, { 'module.asset': 'write' })
  await apply(world, { 'module.asset': 'none' })
  const rules = [
    { name: 'no power', when: { verdict: ['widens', 'both'] }, refuse: 'Nothing is widened this week.' },
    { name: 'all else', approvers: ['U0BOB'] },
  ]
  await world.restarts({ policy: { rules } })
  await reverts(alice, 'change:2')
  await alice.fillsIn({ reason: 'As it was' })
  await alice.submits()
  await alice.modalCalled('refusal')
  expect(alice.reads()).toContain('Nothing is widened this week.')
})
