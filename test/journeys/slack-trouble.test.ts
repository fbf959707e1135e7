import { describe, expect, test } from 'vitest'
import { buttonsIn } from '../slack/kit/drawn.ts'
import { startWorld, transports, type World } from '../support/journey.ts'

const ciDeploy = 'blt5c1de0000000a001'

/** The next card arrives in the channel, but the answer to its post never reaches the app. */
function loseTheAnswerToTheCard({ slack, bob }: World): void {
  slack.trouble.loseAnswers = ['chat.postMessage']
  const stop = slack.onChange(() => {
    if (bob.cards().length === 0) return
    slack.trouble.loseAnswers = []
    stop()
  })
}

describe('trouble with Slack', () => {
  test('a card that was due while Slack was down is posted once Slack is back', async () => {
    const { alice, bob, slack, until, passes, logs, audit } = await startWorld()
    await alice.checks('ci-deploy', { name: 'ci' })
    slack.trouble.down = true
    await alice.submits()
    expect(alice.modal()).toBeUndefined()
    await until('the failure', () => logs.some((line) => line.includes('The card of change #1 has to be tried again.')))
    expect(await audit()).toEqual(['app started', 'U0ALICE proposed'])
    expect(bob.cards()).toEqual([])
    slack.trouble.down = false
    passes(120)
    await slack.waitFor(() => bob.cards().length === 1 && alice.dms().length === 1, 'the card, and the word to Alice')
    expect(bob.cards()[0]?.text).toContain('is waiting for 1 approval')
  })

  test('an approval while Slack is down is applied, and the card says so once Slack is back', async () => {
    const { alice, bob, slack, stack, until, passes } = await startWorld()
    const card = await alice.asksFor('ci-deploy', { name: 'ci' })
    slack.trouble.down = true
    await bob.approves(card)
    await until('the token to be written', () => stack.token(ciDeploy)?.name === 'ci')
    expect(bob.card(card).text).toContain('is waiting for 1 approval')
    slack.trouble.down = false
    passes(120)
    await slack.waitFor(() => /was applied/.test(bob.card(card).text), 'the card to be repaired')
    expect(buttonsIn(bob.card(card).blocks)).toEqual([])
    await slack.waitFor(() => alice.dms()[1]?.includes('was applied'), 'the word to Alice')
    expect(stack.takenUpdates()).toBe(1)
  })

  test('a card whose post was never answered is found again if the app may read the channel', async () => {
    const world = await startWorld({ scopes: ['channels:history'] })
    const { alice, bob, slack, until, passes, store } = world
    loseTheAnswerToTheCard(world)
    await alice.sends('ci-deploy', { name: 'ci' })
    const card = await slack.waitFor(() => bob.cards()[0], 'the card')
    await until('the word to Alice', () => alice.dms().length === 1)
    passes(120)
    await until('the card to be found', async () => (await store.get(1)).card?.ts === card.ts)
    await bob.approves(card)
    await slack.waitFor(() => /was applied/.test(bob.card(card).text), 'the outcome')
    const link = `/archives/C0APPROVALS/p${card.ts.replace('.', '')}`
    await slack.waitFor(() => alice.dms()[1]?.includes(link), 'a word that leads to it')
    expect(bob.cards()).toHaveLength(1)
  })

  test('a card whose post was never answered is found in a channel where much was said since', async () => {
    const world = await startWorld({ scopes: ['channels:history'] })
    const { alice, bob, slack, until, passes, store } = world
    loseTheAnswerToTheCard(world)
    await alice.sends('ci-deploy', { name: 'ci' })
    const card = await slack.waitFor(() => bob.cards()[0], 'the card')
    for (let n = 0; n < 450; n += 1) slack.as('U0BOB').say('C0APPROVALS', `Message ${n}`)
    passes(120)
    await until('the card to be found', async () => (await store.get(1)).card?.ts === card.ts)
    expect(bob.cards().flatMap(({ blocks, ts }) => (blocks.length > 0 ? [ts] : []))).toEqual([card.ts])
  })

  test.each([
    ['not_in_channel', 'Countersign is not in the approvals channel'],
    ['ratelimited', null],
  ])(
    'a card whose post was never answered is shown as in doubt on Home while Slack refuses to search for it (%s), and is found later',
    async (error, why) => {
      const world = await startWorld({ scopes: ['channels:history'] })
      const { alice, bob, slack, until, passes, store } = world
      slack.trouble.fail = { 'conversations.history': error }
      loseTheAnswerToTheCard(world)
      await alice.opensHome()
      await alice.sends('ci-deploy', { name: 'ci' })
      const card = await slack.waitFor(() => bob.cards()[0], 'the card')
      await until('the no', () => slack.calls.some(({ answer }) => answer?.error === error))
      passes(60)
      const again = why === null ? '' : `, and another try failed (${why})`
      const says = `Slack has not said whether its card was posted${again}: approvers can`
      await until('Home', async () => {
        await alice.opensHome()
        return alice.readsHome().includes(says)
      })
      slack.trouble.fail = {}
      await until('the card to be found', async () => {
        passes(60)
        return (await store.get(1)).card?.ts === card.ts
      })
      expect(bob.cards()).toHaveLength(1)
    },
  )

  test.each([
    ['a no leaves no doubt, so that nothing is looked for', 'restricted_action', false],
    ["an error of Slack's own does, so that the card is looked for", 'internal_error', true],
  ])('to a card, %s, and it is posted again', async (_, error, isLookedFor) => {
    const { alice, bob, slack, until, passes } = await startWorld({ scopes: ['channels:history'] })
    slack.trouble.fail = { 'chat.postMessage': error }
    await alice.sends('ci-deploy', { name: 'ci' })
    await until('the no', () => slack.calls.filter(({ method }) => method === 'chat.postMessage').length >= 2)
    slack.trouble.fail = {}
    passes(120)
    await slack.waitFor(() => bob.cards().length === 1, 'the card')
    expect(slack.calls.some(({ method }) => method === 'conversations.history')).toBe(isLookedFor)
  })

  test('if it may not, a second card is posted, and both show the outcome once somebody presses on either', async () => {
    const world = await startWorld()
    const { alice, bob, slack, stack, passes } = world
    loseTheAnswerToTheCard(world)
    await alice.sends('ci-deploy', { name: 'ci' })
    const stray = await slack.waitFor(() => bob.cards()[0], 'the first card')
    passes(120)
    const card = await slack.waitFor(() => bob.cards()[1], 'the second card')
    expect(card).toMatchObject({ text: stray.text })
    await bob.approves(stray)
    await slack.waitFor(() => bob.cards().every(({ text }) => /was applied/.test(text)), 'the outcome on both')
    for (const shown of bob.cards()) expect(buttonsIn(shown.blocks)).toEqual([])
    expect(stack.takenUpdates()).toBe(1)
    expect(bob.cards()).toHaveLength(2)
  })

  test('a card that somebody deleted is posted again with the outcome', async () => {
    const { alice, bob, slack, stack, deleteMessage } = await startWorld()
    const card = await alice.asksFor('ci-deploy', { name: 'ci' })
    stack.hooks.beforeTaking = () => deleteMessage(card)
    await bob.approves(card)
    const fresh = await slack.waitFor(() => bob.cards()[0]?.ts !== card.ts && bob.cards()[0], 'a new card')
    expect(fresh.text).toContain('was applied')
    expect(buttonsIn(fresh.blocks)).toEqual([])
    await slack.waitFor(() => alice.dms()[1]?.includes(`p${fresh.ts.replace('.', '')}`), 'a word that leads to it')
    expect(bob.cards()).toHaveLength(1)
  })

  test.each(['user_disabled', 'messages_tab_disabled', 'cannot_dm_bot'])(
    'a requester who can be told nothing (%s) changes nothing, and is not tried again for ever',
    async (error) => {
      const { alice, bob, slack, stack, until, store } = await startWorld()
      const card = await alice.asksFor('ci-deploy', { name: 'ci' })
      slack.trouble.fail = { 'chat.postMessage': error }
      await bob.approves(card)
      await slack.waitFor(() => /was applied/.test(bob.card(card).text), 'the outcome')
      await until('the app to give up telling', async () => (await store.get(1)).told === 'applied 1')
      expect(stack.takenUpdates()).toBe(1)
    },
  )

  test('messages that are due while the app itself is shut out are sent once it is let in again', async () => {
    const { alice, bob, slack, stack, passes, until } = await startWorld()
    const card = await alice.asksFor('ci-deploy', { name: 'ci' })
    stack.hooks.beforeTaking = () => {
      slack.trouble.fail = { 'chat.postMessage': 'account_inactive' }
    }
    await bob.approves(card)
    await slack.waitFor(() => /was applied/.test(bob.card(card).text), 'the outcome')
    await until('the no', async () => slack.calls.some(({ answer }) => answer?.error === 'account_inactive'))
    expect(alice.dms()).toHaveLength(1)
    slack.trouble.fail = {}
    passes(4_000)
    await slack.waitFor(() => alice.dms()[1]?.includes('was applied'), 'the word')
  })

  test('a requester who has left cannot be told that their change stopped, and that delays nothing', async () => {
    const { alice, bob, slack, stack, until, store, audit } = await startWorld()
    const card = await alice.asksFor('ci-deploy', { name: 'ci' })
    await slack.admin.changePerson(alice.id, { deleted: true })
    await until('the app to give up telling', async () => (await store.get(1)).told === 'stopped 1')
    await until('the reminder', async () => (await audit(1)).includes('app reminded'))
    await bob.cancels(bob.card(card))
    await until('the app to give up telling', async () => (await store.get(1)).told === 'cancelled 1')
    expect(stack.takenUpdates()).toBe(0)
    expect(await audit(1)).toEqual(['U0ALICE proposed', 'app askers_barred', 'app reminded', 'U0BOB cancelled'])
  })

  test('a message and a checkpoint that Slack refuses are one error each, and come once it takes them', async () => {
    const { alice, bob, slack, passes, logs, until } = await startWorld()
    const card = await alice.asksFor('ci-deploy', { name: 'ci' })
    const refused = () => slack.calls.filter(({ method }) => method === 'chat.postMessage').length
    slack.trouble.fail = { 'chat.postMessage': 'restricted_action' }
    await bob.rejects(card, 'No')
    await slack.waitFor(() => bob.card(card).text.includes('was rejected'), 'the card')
    await until('the noes', () => refused() >= 2)
    const asTimePasses = (what: string, probe: () => boolean) =>
      until(what, () => {
        passes(60)
        return probe()
      })
    await asTimePasses('some tries more', () => refused() >= 8)
    const errors = logs.map((line) => JSON.parse(line)).filter(({ level }) => level >= 50)
    expect(errors.map(({ msg }) => msg)).toEqual(
      ['message', 'anchor'].map((step) => `The ${step} of change #1 has to be tried again.`),
    )
    slack.trouble.fail = {}
    await asTimePasses('the word', () => alice.dms().length === 2)
    await asTimePasses('the checkpoint', () => bob.thread(card).length === 1)
  })

  test("a card that Slack refuses for a reason of its own is reported on Home at once, with Slack's words", async () => {
    const { alice, bob, slack, until } = await startWorld()
    for (const person of [alice, bob]) await person.opensHome()
    for (const person of [alice, bob])
      await until('the list', () => person.readsHome().includes('Website can be reached'))
    slack.trouble.held = ['chat.postMessage']
    await alice.sends('ci-deploy', { name: 'ci' })
    for (const person of [alice, bob]) await until('the change on Home', () => person.readsHome().includes('#1'))
    // Home now shows everything it could, except Slack's answer to the card.
    slack.trouble.fail = { 'chat.postMessage': 'restricted_action' }
    slack.trouble.held = []
    const says = 'Its card could not be posted (Slack refuses chat.postMessage (restricted_action)): approvers can'
    for (const person of [alice, bob]) await until('Home', () => person.readsHome().includes(says))
  })
})

describe.each(transports)('what Slack asks too slowly, over %s', (transport) => {
  test('a command that came too slowly to open a form is answered with how to go on', async () => {
    const { alice, slack, whoSees } = await startWorld({ transport })
    slack.trouble.fail = { 'views.open': 'expired_trigger_id' }
    await alice.says('/token edit ci-deploy')
    const [said] = await alice.hears()
    expect(said).toContain('took too long')
    expect(said).toContain('Nothing was opened')
    expect(said).toContain('try again')
    expect(whoSees('took too long')).toEqual([alice.id])
    slack.trouble.fail = {}
    await alice.opens('ci-deploy')
  })

  test.each([
    '/token edit ci-deploy',
    '/token',
    '/token show ci-deploy',
    '/token rename ci-deploy to ci because of it',
  ])('the view that %j opened stays when Slack delivers it again, which is not an error', async (line) => {
    const { alice, slack, logs } = await startWorld({ transport })
    await alice.says(line)
    const { id } = await slack.waitFor(() => alice.modal(), 'the modal')
    await slack.redeliver(slack.deliveries.find(({ kind }) => kind === 'command')!)
    expect((await alice.hears())[0]).toContain('Slack delivered this twice. What it opened the first time still works')
    expect(alice.modal()?.id).toBe(id)
    expect(logs.filter((log) => log.includes('"level":50'))).toEqual([])
  })

  test('a shortcut or a button that came too slowly is answered with how to go on', async () => {
    const { alice, bob, slack } = await startWorld({ transport })
    const card = await alice.asksFor('ci-deploy', { name: 'ci' })
    slack.trouble.fail = { 'views.open': 'expired_trigger_id' }
    await alice.shortcut('edit_token')
    await slack.waitFor(() => alice.dms()[1]?.includes('Nothing was opened'), 'a word to Alice')
    await bob.press(card, 'reject')
    expect((await bob.hears())[0]).toContain('took too long')
    expect(bob.card(card)).toEqual(card)
  })
})

test.each(['html', 'null'] as const)(
  'who cannot be answered at the address for it, where something answers %s in its place, is told in a message',
  async (answers) => {
    const { alice, carol, slack, until } = await startWorld({ transport: 'socket' })
    slack.trouble.inPlace = { response_url: answers }
    await alice.says('/token help')
    await carol.says('/token history nothing-of-the-kind')
    for (const person of [alice, carol])
      await until(`${person.id} to be told`, () => JSON.stringify(person.dms()).includes('is logged as'))
  },
)
