import { expect, test } from 'vitest'
import { GivenUp, SlackBusy, SlackNo, SlackUnheard } from '../../../src/slack/calls/said.ts'
import { notNudged } from '../../../src/slack/review/waiting.ts'
import { startWorld } from '../../support/journey.ts'

const transport = 'socket'
const hour = 3600

async function asked(config: Readonly<Record<string, unknown>> = {}) {
  const world = await startWorld({ transport, config })
  const card = await world.alice.asksFor('ci-deploy', { name: 'ci' })
  const thread = () => world.bob.messages(card.channel).filter(({ threadTs }) => threadTs === card.ts)
  return { ...world, card, thread }
}

test('an approver says that they are looking, and the card says who', async () => {
  const { alice, bob, slack, card } = await asked()
  await bob.presses(card, 'claim')
  await slack.waitFor(() => bob.readsCard(card).includes('@U0BOB has been looking at it since'), 'the card to say so')
  await alice.presses(card, 'claim')
  expect(await alice.hears()).toEqual([
    "You can't say that you are looking at change #1: whoever asks for a change may not decide on it. Nothing was done. " +
      'Its rule names <@U0BOB>, <@U0CAROL>. In the menu of its card, you can edit it, nudge them, or cancel it.',
  ])
})

test('a second one who looks is told who has been looking and since when, replaces nobody, and can take it back', async () => {
  const { bob, carol, slack, card } = await asked()
  await bob.presses(card, 'claim')
  await slack.waitFor(() => carol.readsCard(card).includes('@U0BOB has been looking at it since'), 'the first')
  await carol.presses(carol.card(card), 'claim')
  expect(await carol.hears()).toEqual([
    expect.stringMatching(/^<@U0BOB> has been looking at change #1 since .*\. Now its card names you as well\.$/),
  ])
  await slack.waitFor(
    () => /@U0BOB has been looking at it since .*, and @U0CAROL since/.test(carol.readsCard(card)),
    'both',
  )
  await bob.presses(bob.card(card), 'claim')
  await bob.modalCalled('looking_form')
  expect(bob.reads()).toContain('You said that you are looking at change #1')
  expect(await bob.submits()).toBeUndefined()
  await slack.waitFor(
    () => carol.readsCard(card).includes('@U0CAROL has been looking at it since'),
    'the one who is left',
  )
  expect(carol.readsCard(card)).not.toContain('@U0BOB has been looking')
})

test('the requester nudges those who have not approved, in the thread, and not too often', async () => {
  const { alice, bob, slack, card, thread, passes } = await asked({ approvals: 2 })
  await bob.approves(card)
  await slack.waitFor(() => bob.readsCard(card).includes('approved by'), 'the approval')
  await alice.presses(bob.card(card), 'nudge')
  expect(await alice.hears()).toEqual([expect.stringContaining('you can nudge in')])
  expect(thread()).toEqual([])

  passes(2 * hour)
  await alice.presses(bob.card(card), 'nudge')
  await slack.waitFor(() => thread().length === 1, 'the nudge')
  expect(thread()[0]?.text).toContain('<@U0CAROL>: please approve or reject it on the card.')
  expect(thread()[0]?.text).not.toContain('<@U0BOB>')
  await bob.presses(bob.card(card), 'nudge')
  expect(await bob.hears()).toEqual([
    'Only those who asked for change #1 can nudge its approvers: <@U0ALICE>. Nothing was sent. You can decide on it yourself: Approve, or Reject….',
  ])
})

test('a change that waits reminds the approvers by itself, and expires in the end', async () => {
  const { alice, bob, slack, stack, card, thread, passes } = await asked()
  passes(5 * hour)
  await slack.waitFor(() => thread().length === 1, 'the first reminder')
  expect(thread()[0]?.text).toContain('<@U0BOB>, <@U0CAROL>: please approve or reject it on the card.')
  passes(8 * 24 * hour)
  await slack.waitFor(() => bob.readsCard(card).includes('This change expired'), 'the end')
  await slack.waitFor(() => alice.dms().at(-1)?.includes('expired'), 'the word to Alice')
  await bob.approves(card)
  expect(await bob.hears()).toEqual([expect.stringContaining("You can't approve change #1 now: it has expired")])
  expect(stack.takenUpdates()).toBe(0)
})

test('somebody who nudges about a change whose card could not be posted is told so, however long it waits, and that nothing was sent', async () => {
  const { alice, slack, logs, passes, until } = await startWorld({ transport })
  await slack.admin.changeChannel('C0APPROVALS', { isArchived: true })
  await alice.sends('ci-deploy', { name: 'ci' })
  await until('the card to be refused', () => logs.some((line) => line.includes('The card of change #1')))
  await alice.opensHome()
  for (const times of [1, 2]) {
    const told = alice.dms().length
    await alice.pressesHome('nudge', '1')
    await slack.waitFor(() => alice.dms().length > told, `the answer ${times}`)
    expect(alice.dms().at(-1)).toMatch(
      /^Change #1 has no card yet, .*they may not have been told of it\. Nothing was sent\./,
    )
    passes(2 * hour)
  }
})

test.each([
  ['internal_error', 'Slack did not take the message to the approvers of change #1, so they may not have been told.'],
  [
    'not_in_channel',
    'Slack refused the message to the approvers of change #1 (not_in_channel), so they have not been told.',
  ],
])('a nudge that Slack answers with %s is reported, since it will not be sent again', async (error, said) => {
  const { alice, slack, card, passes } = await asked()
  passes(2 * hour)
  slack.trouble.fail['chat.postMessage'] = error
  await alice.presses(card, 'nudge')
  expect(await alice.hears()).toEqual([expect.stringContaining(said)])
})

const unheard = (notDone: boolean) => new SlackUnheard('chat.postMessage', 'the connection failed', { notDone })

test.each([
  ['never got a connection', unheard(true), 'so nobody was told'],
  ['was not called while it stops', new GivenUp('chat.postMessage', false), 'so nobody was told'],
  ['is left alone', new SlackBusy('chat.postMessage', 30), 'so nobody was told'],
  ['said no', new SlackNo('chat.postMessage', { ok: false, error: 'is_archived' }), 'so they have not been told'],
  ['gave no answer', unheard(false), 'so they may not have been told'],
  ['was not waited for', new GivenUp('chat.postMessage', true), 'so they may not have been told'],
  ['failed', new SlackNo('chat.postMessage', { ok: false, error: 'fatal_error' }), 'so they may not have been told'],
])('if Slack %s, a nudge claims only what is known about the approvers', (_, error, said) => {
  expect(notNudged(7, error)).toContain(`${said}. The change still waits; ask them yourself`)
})
