import { describe, expect, test } from 'vitest'
import { failWrites, isOnPostgres } from '../support/engine.ts'
import { startWorld, transports, type World } from '../support/journey.ts'
import type { Person } from '../support/person.ts'

const ciDeploy = 'blt5c1de0000000a001'

/** Known from the start, but once an app listens to others on a server, it relies on nothing that it knew before. */
const asked = ['conversations.info C0APPROVALS', 'users.info']

function calls({ slack }: World): string[] {
  return slack.calls.map(({ method, args }) => (args.channel === undefined ? method : `${method} ${args.channel}`))
}

function requests({ stack }: World): string[] {
  return stack.requests.map(({ method, path }) => `${method} ${path}`)
}

/** Makes the app look up who somebody is, which it then knows for a minute. */
async function isKnown({ slack }: World, person: Person): Promise<void> {
  const heard = person.toldPrivately().length
  await person.says('/token help')
  await person.hears(heard + 1)
  slack.clear()
}

/** Until the test is over, the app can write nothing, or no entry of this type, as with a full disk. */
function fillDisk(type?: string): void {
  failWrites('insert into "audit_events"', { when: (values) => type === undefined || values.includes(type) })
}

describe.each(transports)('the calls it costs over %s', (transport) => {
  test('opening the form of a known token is one call to Slack, and a look behind it', async () => {
    const world = await startWorld({ transport })
    await isKnown(world, world.alice)
    await world.alice.opens('ci-deploy')
    await world.until('the look', () => world.stack.requests[0]?.status === 200)
    await world.alice.submits()
    expect(calls(world)).toEqual(['views.open'])
    expect(requests(world)).toEqual([`GET /v3/stacks/management_tokens/${ciDeploy}`])
  })

  test('looking somebody up costs one call a minute, whatever they do meanwhile', async () => {
    const world = await startWorld({ transport })
    const { alice, slack, passes } = world
    const looks = () => slack.calls.filter(({ method, args }) => method === 'users.info' && args.user === alice.id)
    await alice.says('/token help')
    await alice.asksFor('ci-deploy', { name: 'ci' })
    expect(looks()).toHaveLength(1)
    passes(61)
    await alice.says('/token help')
    expect(looks()).toHaveLength(2)
  })

  test('from the form to the question in the channel, Slack is called for the people in the rule, the card and the message to the requester', async () => {
    const world = await startWorld({ transport })
    await isKnown(world, world.alice)
    await world.alice.asksFor('ci-deploy', { name: 'ci' })
    // A card never names somebody who has left, so Carol is looked up; Bob is known already.
    expect(calls(world)).toEqual([
      'views.open',
      // The group with the name is opened.
      'views.update',
      ...(isOnPostgres ? asked : []),
      'users.info',
      'chat.postMessage C0APPROVALS',
      'chat.postMessage U0ALICE',
    ])
    expect(requests(world)).toEqual([`GET /v3/stacks/management_tokens/${ciDeploy}`])
  })

  test('an approval costs the stack a look, a write and a look, and Slack a card redrawn twice, one message and one anchor', async () => {
    const world = await startWorld({ transport })
    const { alice, bob, slack, stack, store, until } = world
    const card = await alice.asksFor('ci-deploy', { name: 'ci' })
    await isKnown(world, bob)
    await until('the look behind the form', () => stack.requests.every(({ status }) => status !== null))
    slack.clear()
    stack.clear()
    await bob.approves(card)
    await slack.waitFor(() => bob.thread(card).length === 1, 'the anchor')
    await until('nothing left to do', async () => (await store.unfinished(new Date().toISOString())).length === 0)
    const path = `/v3/stacks/management_tokens/${ciDeploy}`
    expect(requests(world)).toEqual([`GET ${path}`, `PUT ${path}`, `GET ${path}`])
    // First the card says that the change is being applied. The last is the checkpoint of the log that every change
    // leaves in its thread once it has ended.
    expect(calls(world)).toEqual([
      'chat.update C0APPROVALS',
      'chat.update C0APPROVALS',
      'chat.postMessage U0ALICE',
      'chat.postMessage C0APPROVALS',
    ])
  })

  test('the answer to an approval comes before the stack has got anything, and after the decision is on disk', async () => {
    const world = await startWorld({ transport })
    const { alice, bob, slack, stack, audit } = world
    const card = await alice.asksFor('ci-deploy', { name: 'ci' })
    const { promise: goOn, resolve: letGo } = Promise.withResolvers<void>()
    stack.hooks.beforeTaking = () => goOn
    await bob.approves(card)
    expect(await audit(1)).toContain('U0BOB approved')
    expect(stack.takenUpdates()).toBe(0)
    letGo()
    await slack.waitFor(() => /was applied/.test(bob.card(card).text), 'the outcome')
  })

  test('a proposal that could not be saved does not count as sent', async () => {
    const world = await startWorld({ transport })
    const { alice, bob, audit } = world
    await alice.checks('ci-deploy', { name: 'ci' })
    fillDisk()
    await alice.submits()
    expect(alice.modal()?.view).toMatchObject({ callback_id: 'refusal', title: { text: 'This did not work' } })
    expect(alice.reads()).toMatch(/^Something went wrong here; it is logged as [0-9a-f]{8}\./)
    await alice.closeModal()
    expect(alice.modal()?.view.callback_id).toBe('preview')
    expect(bob.cards()).toEqual([])
    expect(await audit()).toEqual(['app started'])
  })

  test('a decision that could not be saved does not count as made, and applies nothing', async () => {
    const world = await startWorld({ transport })
    const { alice, bob, stack, audit, logs } = world
    const card = await alice.asksFor('ci-deploy', { name: 'ci' })
    await bob.presses(card, 'reject')
    await bob.modalCalled('reject_form')
    await bob.fill('rejection', 'rejection', 'No')
    fillDisk()
    await bob.submits()
    expect(bob.reads()).toContain('Something went wrong here')
    await bob.approves(card)
    const [said] = await bob.hears()
    const id = /logged as ([0-9a-f]{8})/.exec(said!)?.[1]
    expect(logs.filter((line) => line.includes(`error ${id}`))).toHaveLength(1)
    expect(logs.find((line) => line.includes(`error ${id}`))).toContain('disk is full')
    expect(await audit(1)).toEqual(['U0ALICE proposed'])
    expect(bob.card(card)).toEqual(card)
    expect(stack.takenUpdates()).toBe(0)
  })

  test('if the start of an apply could not be saved, the stack gets nothing', async () => {
    const world = await startWorld({ transport })
    const { alice, bob, stack, audit, until, logs } = world
    const card = await alice.asksFor('ci-deploy', { name: 'ci' })
    fillDisk('apply_started')
    await bob.approves(card)
    await until('the failure', () =>
      logs.some((line) => line.includes('The apply of change #1 has to be tried again.')),
    )
    expect(stack.requests.filter(({ method }) => method === 'PUT')).toEqual([])
    expect(await audit(1)).toEqual(['U0ALICE proposed', 'U0BOB approved'])
  })
})
