import { expect, test } from 'vitest'
import { demoPolicy } from '../../src/cli/demo/workspace.ts'
import { startWorld, transports, type World } from '../support/journey.ts'

/** From now on Slack does not answer this, and people are not kept waiting for long. */
function hold({ slack, patience }: World, method: string): void {
  slack.trouble.held = [method]
  patience.answerWithin = 50
}

function letGo({ slack, patience }: World): void {
  slack.trouble.held = []
  delete patience.answerWithin
}

/** Shown in a modal over a form that can be sent again. */
const formIsKept = 'Back takes you to your form as you left it. Send it again from there.'

const errors = ({ logs }: World) => logs.filter((line) => JSON.parse(line).level >= 50)

test.each(transports)(
  'while Slack does not say who somebody is, all that they do is answered in time and not done, over %s',
  async (transport) => {
    const world = await startWorld({ transport })
    const { alice, bob, slack, stack, store, passes } = world
    const card = await alice.asksFor('ci-deploy', { name: 'ci' })
    await alice.checks('preview-reader', { name: 'reader' })
    passes(61)
    hold(world, 'users.info')
    const words =
      'Slack could not say whether you may use Countersign (Slack did not answer in time), so nothing was done. Try again.'
    await bob.approves(card)
    expect(await bob.hears()).toEqual([words])
    await alice.submits()
    expect(alice.reads()).toContain(words)
    await alice.says('/token list')
    expect(await alice.hears()).toEqual([words])
    await alice.shortcut('edit_token')
    await slack.waitFor(() => alice.dms().includes(words), 'the word to Alice')
    const changes = await store.openChanges()
    expect(changes.map(({ change }) => [change.id, change.status])).toEqual([[1, 'pending']])
    expect(slack.deliveries.filter(({ outcome }) => outcome !== 'acked')).toEqual([])
    expect(errors(world)).toEqual([])

    letGo(world)
    await bob.approves(bob.card(card))
    await slack.waitFor(() => /was applied/.test(bob.card(card).text), 'the outcome')
    expect(stack.takenUpdates()).toBe(1)
  },
)

test('an approval that Slack is too slow for is refused in time, and taken when it is pressed again', async () => {
  const world = await startWorld({ transport: 'http', config: { policy: demoPolicy } })
  const { alice, bob, slack, store, stack, passes } = world
  const card = await alice.asksFor('ci-deploy', { name: 'ci' })
  slack.trouble.held = ['usergroups.users.list']
  passes(61)
  await bob.says('/token help')
  hold(world, 'usergroups.users.list')
  await bob.approves(card)
  expect((await bob.hears(2))[1]).toBe(
    'Who may ask and decide could not be looked up in Slack (Slack did not answer in time), so nothing was done. Try again.',
  )
  expect((await store.get(1)).change.status).toBe('pending')
  letGo(world)
  await bob.approves(bob.card(card))
  await slack.waitFor(() => /was applied/.test(bob.card(card).text), 'the outcome')
  expect([stack.takenUpdates(), errors(world)]).toEqual([1, []])
})

test('a form that Slack is too slow for is answered in time, and can be sent again', async () => {
  const world = await startWorld({ transport: 'socket' })
  const { alice, passes } = world
  await alice.opens('ci-deploy')
  await alice.fillsIn({ name: 'ci', reason: 'The pipeline moved' })
  world.slack.trouble.held = ['conversations.info']
  passes(61)
  await alice.says('/token help')
  hold(world, 'conversations.info')
  await alice.submits()
  expect(alice.reads()).toContain('could not be looked up in Slack (Slack did not answer in time), so nothing was done')
  expect(alice.reads()).toContain(formIsKept)
  await alice.closeModal()
  letGo(world)
  await alice.submits()
  expect(alice.modal()?.view.callback_id).toBe('preview')
  expect(errors(world)).toEqual([])
})

test('a rejection and a preview keep what was typed if nobody could be looked up, and are sent again', async () => {
  const world = await startWorld({ transport: 'http' })
  const { alice, bob, slack, store, passes } = world
  const card = await alice.asksFor('ci-deploy', { name: 'ci' })
  await bob.presses(card, 'reject')
  await bob.modalCalled('reject_form')
  await bob.fill('rejection', 'rejection', 'Not before Monday')
  await alice.checks('preview-reader', { name: 'reader' })
  passes(61)
  slack.trouble.down = true
  for (const person of [alice, bob]) {
    await person.submits()
    expect(person.reads()).toContain('Slack could not say whether you may use Countersign, so nothing was done.')
    expect(person.reads()).toContain(formIsKept)
    expect(person.modal()?.view.title.text).toBe('This did not work')
    await person.closeModal()
  }
  slack.trouble.down = false
  for (const person of [alice, bob]) expect(await person.submits()).toBeUndefined()
  expect((await store.get(1)).change).toMatchObject({ status: 'rejected', rejection: 'Not before Monday' })
  expect((await store.get(2)).change).toMatchObject({ status: 'pending', after: { name: 'reader' } })
})

test('a form that Slack may not have opened is reported with nothing changed, and a refusal as one', async () => {
  const { alice, bob, carol, slack } = await startWorld({ transport: 'socket' })
  const card = await alice.asksFor('ci-deploy', { name: 'ci' })
  slack.trouble.inPlace = { 'views.open': 'html' }
  await alice.says('/token edit ci-deploy')
  expect((await alice.hears())[0]).toMatch(mayNotSee)
  slack.trouble.inPlace = {}
  await bob.presses(card, 'reject')
  await bob.modalCalled('reject_form')
  await bob.fill('rejection', 'rejection', 'Not before Monday')
  await carol.rejects(card, 'No')
  await bob.submits()
  expect(bob.modal()?.view.title.text).toBe('This was refused')
  expect(bob.reads()).not.toContain(formIsKept)
})

test.each(['html', 'yes'] as const)(
  'whoever asks for a form and may not see it is told so, and so is the log, where Slack answers %s',
  async (answers) => {
    const world = await startWorld({ transport: 'socket' })
    const { alice, slack } = world
    slack.trouble.inPlace = { 'views.open': answers }
    const lines = ['edit ci-deploy', '', 'rename ci-deploy to ci because it moved', 'edit nothing-like-it']
    for (const [told, line] of lines.entries()) {
      await alice.says(`/token ${line}`)
      expect((await alice.hears(told + 1))[told]).toMatch(mayNotSee)
    }
    expect(errors(world)).toHaveLength(lines.length)
  },
)

test('a view that Slack may not have put in place of an opening form is reported', async () => {
  const world = await startWorld({ transport: 'socket' })
  const { alice, slack } = world
  slack.trouble.inPlace = { 'views.update': 'yes' }
  await alice.says('/token edit nothing-like-it')
  expect((await alice.hears())[0]).toMatch(mayNotSee)
  expect(errors(world)).toHaveLength(1)
})

const mayNotSee =
  /^Slack gave no answer, so you may not see what you asked for\. Nothing was sent and nothing has changed: if you don't see it, try again in a minute\. It is logged as [0-9a-f]{8}\.$/

test('whatever asks for a form is acked before Slack has opened it', async () => {
  const { alice, bob, slack } = await startWorld({ transport: 'socket' })
  const card = await alice.asksFor('ci-deploy', { name: 'ci' })
  await bob.opensHome()
  const asks: (() => Promise<unknown>)[] = [
    ...['reject', 'approve_with_comment', 'amend'].map((button) => () => bob.presses(card, button)),
    () => bob.shortcut('edit_token'),
    () => bob.pressesHome('edit_a_token'),
    () => bob.pressesHome('show_a_token'),
  ]
  for (const asksFor of asks) {
    slack.trouble.held = ['views.open']
    await asksFor()
    expect(slack.deliveries.at(-1)?.outcome).toBe('acked')
    slack.trouble.held = []
    await slack.waitFor(() => bob.modal(), 'the form')
    await bob.closeModal()
  }
})

test.each(transports)('an answer that came too late for Slack is sent in a message, over %s', async (transport) => {
  const world = await startWorld({ transport })
  const { alice, bob, slack, stack, patience } = world
  const card = await alice.asksFor('ci-deploy', { name: 'ci' })
  await alice.opens('preview-reader')
  await alice.fillsIn({ name: 'reader', reason: 'The pipeline moved' })
  patience.lateAfter = 0
  await bob.approves(card)
  expect(await bob.hears()).toEqual([
    expect.stringMatching(/^Slack got no answer to this in time, .* It was done all the same/),
  ])
  await alice.submits()
  const lost = 'Slack got no answer to this in time, so nothing came of it and nothing was sent. Try again.'
  await slack.waitFor(() => alice.dms().includes(lost), 'the word to Alice')
  await slack.waitFor(() => /was applied/.test(bob.card(card).text), 'the outcome')
  expect([stack.takenUpdates(), errors(world)]).toEqual([1, []])
  expect(
    world.logs.filter((line) => line.includes('Slack got no answer in time: a message says what happened')),
  ).toHaveLength(2)
})

test('the outcome of something whose connection was reset is sent in a message, and is not an error', async () => {
  const world = await startWorld({ transport: 'socket' })
  const { alice, bob, slack, stack, passes } = world
  const card = await alice.asksFor('ci-deploy', { name: 'ci' })
  passes(61)
  slack.trouble.held = ['users.info']
  const approved = slack.as('U0BOB').press(card, 'approve')
  await slack.waitFor(() => slack.calls.some(({ method, answer }) => method === 'users.info' && !answer), 'the look-up')
  slack.resetLinks()
  slack.trouble.held = []
  expect((await approved).outcome).toBe('timed out')
  await slack.waitFor(() => /was applied/.test(bob.card(card).text), 'the outcome')
  expect(await bob.hears()).toEqual([
    'Slack got no answer to this in time, so it may have shown you an error. It was done all the same: look at the card or at App Home.',
  ])
  expect([stack.takenUpdates(), errors(world)]).toEqual([1, []])
})
