import { describe, expect, test } from 'vitest'
import { buttonsIn } from '../slack/kit/drawn.ts'
import { askedAndApplied, startWorld, untilGone, type World } from '../support/journey.ts'
import type { Person } from '../support/person.ts'

const ciDeploy = 'blt5c1de0000000a001'

/**
 * Alice asks for a shorter name; `meanwhile` happens before Bob approves. Resolves once the change has ended and Alice
 * knows.
 */
async function goesThrough(world: World, meanwhile: () => void) {
  const { alice, bob, slack } = world
  const card = await alice.asksFor('ci-deploy', { name: 'ci', description: 'New' })
  meanwhile()
  await bob.approves(card)
  const dm = await slack.waitFor(() => alice.dms()[1], 'the word about the outcome')
  expect(bob.cards()).toHaveLength(1)
  return { dm, text: bob.readsCard(card), buttons: buttonsIn(bob.card(card).blocks) }
}

function lastFallback({ messages }: Person): string {
  return messages('dm').at(-1)?.text ?? ''
}

describe('the outcome', () => {
  test('a token changed by hand in between is left alone, and both are told what differs', async () => {
    const world = await startWorld()
    const { alice, stack, audit } = world
    const byHand = { description: 'By hand', is_email_notification_enabled: false }
    const { dm, text, buttons } = await goesThrough(world, () => stack.edit(ciDeploy, byHand))
    expect(buttons).toEqual(['rebase', 'cancel'])
    const differs = [
      'Changed meanwhile',
      'Description: Deploys from CI → By hand',
      'E-mail 7 days before expiry: yes → no',
    ].join('\n')
    for (const said of [dm, text]) {
      expect(said).toContain('was stopped')
      expect(said).toContain('the token had been changed elsewhere, and nothing was overwritten')
      expect(said).toContain(differs)
    }
    expect(dm).toContain('You asked\nName: ci-deploy → ci\nDescription: Deploys from CI → New')
    for (const said of [dm, text])
      expect(said).toContain('Changed by both: Description. A rebase keeps what this change asks for there.')
    expect(dm).toContain('press Rebase on its card: it asks for the same edit to the token as it is now')
    expect(lastFallback(alice)).toContain('was stopped')
    expect(stack.token(ciDeploy)).toMatchObject({ name: 'ci-deploy', ...byHand })
    expect(stack.takenUpdates()).toBe(0)
    expect(await audit(1)).toEqual(['U0ALICE proposed', 'U0BOB approved', 'app apply_started', 'app drift_found'])
  })

  test('a token that already is as asked for is not written again', async () => {
    const world = await startWorld()
    const { stack, audit } = world
    const { dm } = await goesThrough(world, () => stack.edit(ciDeploy, { name: 'ci', description: 'New' }))
    expect(dm).toContain('the token was already set this way, and nothing was written')
    expect(stack.takenUpdates()).toBe(0)
    expect(await audit(1)).toContain('app applied')
  })

  test("the stack's refusal is reported in its own words", async () => {
    const world = await startWorld()
    const { alice, stack, audit } = world
    const { dm, text, buttons } = await goesThrough(world, () => stack.edit('blt5c1de0000000a002', { name: 'ci' }))
    expect(buttons).toEqual([])
    for (const said of [dm, text]) expect(said).toMatch(/failed .*\nWhy:\nthe stack refused: name is already taken/)
    expect(lastFallback(alice)).toContain('Why: the stack refused: name is already taken')
    expect(stack.token(ciDeploy)?.name).toBe('ci-deploy')
    expect(stack.takenUpdates()).toBe(0)
    expect(await audit(1)).toEqual([
      'U0ALICE proposed',
      'U0BOB approved',
      'app apply_started',
      'app write_answered',
      'app apply_refused',
    ])
  })

  test('a field that the stack says it took, and did not, is named', async () => {
    const world = await startWorld()
    const { stack } = world
    const { dm, text } = await goesThrough(world, () => {
      stack.trouble.updates = 'drop fields'
      stack.trouble.droppedFields = ['description']
    })
    for (const said of [dm, text]) expect(said).toContain('kept the old value of Description (still Deploys from CI)')
    expect(stack.token(ciDeploy)).toMatchObject({ name: 'ci', description: 'Deploys from CI' })
  })

  test('a token deleted in between ends the change, in words', async () => {
    const world = await startWorld()
    const { alice, bob, slack, stack } = world
    const card = await alice.asksFor('ci-deploy', { name: 'ci' })
    stack.remove(ciDeploy)
    await bob.approves(card)
    await slack.waitFor(
      () => bob.readsCard(card).includes('the stack says that the token does not exist'),
      'the interruption',
    )
    await untilGone(world, ciDeploy, () => alice.dms()[1] !== undefined)
    const dm = alice.dms()[1]!
    for (const said of [dm, bob.readsCard(card)]) {
      expect(said).toContain('the token is gone from the stack')
      expect(said).toContain('othing was written')
      expect(said).not.toContain('Choose another token')
    }
    expect(stack.requests.filter(({ method }) => method === 'PUT')).toEqual([])
  })

  test.each(['take, then never answer', 'take, then close the socket', 'take, then 500'] as const)(
    'a stack that does %j has been written once, and the change is applied',
    async (updates) => {
      const world = await startWorld({ timing: { write_timeout: 0.4, lease: 30 } })
      const { stack, audit } = world
      const { dm } = await goesThrough(world, () => {
        stack.trouble.updates = updates
      })
      expect(dm).toContain('was applied')
      expect(stack.takenUpdates()).toBe(1)
      expect(stack.requests.filter(({ method }) => method === 'PUT')).toHaveLength(1)
      expect(await audit(1)).toEqual(askedAndApplied)
    },
  )

  test('an update that never arrived is judged when its lease is over, and then sent again', async () => {
    const { alice, bob, slack, stack, until, passes, audit } = await startWorld()
    stack.trouble.updates = 'never arrives'
    const card = await alice.asksFor('ci-deploy', { name: 'ci' })
    await bob.approves(card)
    const puts = () => stack.requests.filter(({ method }) => method === 'PUT').length
    await until('the update', () => puts() === 1)
    await slack.waitFor(
      () => bob.readsCard(card).includes('is approved and not seen on the token yet'),
      'the card to say so',
    )
    passes(46)
    await until('the judgement', async () => (await audit(1)).includes('app apply_interrupted'))
    await slack.waitFor(() => bob.readsCard(card).includes('no update was seen to arrive'), 'the card to say so')
    stack.trouble.updates = 'ok'
    passes(11)
    await slack.waitFor(() => /was applied/.test(bob.card(card).text), 'the outcome')
    expect(puts()).toBe(2)
    expect(stack.takenUpdates()).toBe(1)
    expect((await audit(1)).slice(2)).toEqual([
      'app apply_started',
      'app write_answered',
      'app apply_interrupted',
      'app apply_started',
      'app write_answered',
      'app applied',
    ])
  })

  test('an approved change whose stack is out of reach waits, can be cancelled, and then writes nothing', async () => {
    const { alice, bob, slack, stack, audit } = await startWorld()
    stack.trouble.refuseReads = { status: 401, body: { error_message: 'logged out', error_code: 105 } }
    const card = await alice.asksFor('ci-deploy', { name: 'ci' })
    await bob.approves(card)
    await slack.waitFor(() => bob.readsCard(card).includes('is approved but not applied yet'), 'the card to say so')
    expect(bob.readsCard(card)).toContain("Contentstack doesn't accept the authtoken")
    expect(buttonsIn(bob.card(card).blocks)).toEqual(['cancel'])
    await alice.cancels(card)
    await slack.waitFor(() => /was cancelled/.test(bob.card(card).text), 'the outcome')
    expect(stack.takenUpdates()).toBe(0)
    expect((await audit(1)).at(-1)).toBe('U0ALICE cancelled')
  })

  test('an update that Contentstack refuses is reported in its words at once, though the token cannot be looked at after it', async () => {
    const { alice, bob, slack, stack, audit } = await startWorld()
    const card = await alice.asksFor('ci-deploy', { name: 'ci' })
    const errors = { name: ['is taken'] }
    stack.trouble.refuse = { status: 422, body: { error_message: 'Update failed', error_code: 141, errors } }
    const stop = stack.onChange(() => {
      if (!stack.requests.some(({ method }) => method === 'PUT')) return
      stack.trouble.refuseReads = { status: 503, body: 'down' }
      stop()
    })
    await bob.approves(card)
    await slack.waitFor(() => / failed .*: nothing was written/.test(bob.card(card).text), 'the outcome')
    await slack.waitFor(() => alice.dms()[1]?.includes('name is taken'), 'the word to Alice')
    expect((await audit(1)).slice(2)).toEqual(['app apply_started', 'app write_answered', 'app apply_refused'])
  })

  test('a change that was approved and could not be applied is applied after a restart', async () => {
    const { alice, bob, slack, stack, passes, restarts, audit } = await startWorld()
    stack.trouble.refuse = { status: 429, body: { error_message: 'Too many requests', error_code: 429 } }
    const card = await alice.asksFor('ci-deploy', { name: 'ci' })
    await bob.approves(card)
    await slack.waitFor(() => bob.readsCard(card).includes('the stack got too many requests'), 'the card to say so')
    await restarts({})
    stack.trouble.refuse = null
    passes(11)
    await slack.waitFor(() => /was applied/.test(bob.card(card).text), 'the outcome')
    expect(bob.cards()).toHaveLength(1)
    expect(stack.takenUpdates()).toBe(1)
    expect((await audit(1)).slice(-4)).toEqual([
      'app apply_interrupted',
      'app apply_started',
      'app write_answered',
      'app applied',
    ])
    expect((await audit()).filter((event) => /started|stopped/.test(event) && !event.includes('apply'))).toEqual([
      'app started',
      'app stopped',
      'app started',
    ])
  })

  test('an approved change names the one that it waits for, on its card and wherever its requester looks', async () => {
    const { alice, bob, slack, stack } = await startWorld()
    const [first, second] = [
      await alice.asksFor('ci-deploy', { name: 'ci' }),
      await alice.asksFor('ci-deploy', { description: 'New' }),
    ]
    const held = Promise.withResolvers<void>()
    stack.hooks.beforeTaking = () => held.promise
    await bob.approves(first)
    await slack.waitFor(() => stack.requests.some(({ method }) => method === 'PUT'), 'the update')
    await bob.approves(second)
    const waits = /#2 .*is approved and waits for .*#1.*, which comes first for the same token/
    await alice.says('/token mine')
    expect((await alice.hears())[0]).toMatch(waits)
    expect(await alice.opensHome()).toMatch(waits)
    await slack.waitFor(() => bob.readsCard(second).includes('which comes first for the same token'), 'the card')
    held.resolve()
    await slack.waitFor(() => bob.card(first).text.includes('was applied'), 'the end')
  })
})

test('a change that was being applied when the app was killed is shown as that, in its log, on the card and to those who ask, until it is looked at', async () => {
  const world = await startWorld({ transport: 'socket', timing: { write_timeout: 1, lease: 600, arrival: 900 } })
  const { alice, bob, slack, stack, store, logs, passes, restarts } = world
  const card = await alice.asksFor('ci-deploy', { name: 'ci' })
  stack.trouble.down = true
  await bob.approves(card)
  await slack.waitFor(() => bob.readsCard(card).includes('not applied yet'), 'the outage')
  await restarts({}, [], async () => {
    stack.trouble.down = false
    const at = new Date().toISOString()
    const until = new Date(Date.now() + 500_000).toISOString()
    const lease = { holder: 'killed', until, arrival: until }
    await store.record(1, 'app', () => ({ type: 'apply_started', at, lease, seal: 'sealed' }))
  })
  const stands = /was being applied when Countersign was started again; it is looked at again .*:\d\d UTC\./
  await slack.waitFor(() => stands.test(bob.readsCard(card)), 'the card to say so')
  await alice.says('/token 1')
  expect((await alice.hears())[0]).toMatch(stands)
  expect(await alice.opensHome()).toMatch(stands)
  expect(logs.filter((line) => line.includes('Change #1 was being applied by another process'))).toEqual([
    expect.stringMatching(/nothing is sent for it before \d{4}-.* \(timing\.lease\), when it is looked at\./),
  ])
  passes(501)
  await slack.waitFor(() => /no update was seen to arrive/.test(bob.readsCard(card)), 'the look')
  expect(stands.test(bob.readsCard(card))).toBe(false)
})
