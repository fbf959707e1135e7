import { expect, test } from 'vitest'
import { placeAt } from '../support/engine.ts'
import { startWorld, type World } from '../support/journey.ts'
import type { Person } from '../support/person.ts'

const transport = 'socket'
const owners = { rules: [{ name: 'wording', approvers: 'S0OWNERS' }] }
const frozen = { rules: [{ name: 'freeze', refuse: 'Not this week.' }] }
const forNarrower = { rules: [{ name: 'narrower', when: { verdict: 'narrows' }, approvers: 'S0OWNERS' }] }

type Condition = {
  readonly sets: (world: World, by: string) => unknown
  readonly lifts: (world: World, by: string) => unknown
}

const person = (changes: object, back: object): Condition => ({
  sets: ({ slack }, by) => slack.admin.changePerson(by, changes),
  lifts: ({ slack }, by) => slack.admin.changePerson(by, back),
})
const policy = (policy: object): Condition => ({
  sets: (world) => world.restarts({ policy }),
  lifts: (world) => world.restarts({ policy: owners }),
})
const group = (users: readonly string[]): Condition => ({
  sets: ({ slack }) => slack.admin.changeUserGroup('S0OWNERS', { users }),
  lifts: ({ slack }) => slack.admin.changeUserGroup('S0OWNERS', { users: ['U0BOB', 'U0CAROL'] }),
})

/** Conditions that are wrong whoever acts, and however. */
const always: Record<string, Condition> = {
  'they are a guest by now': person({ isRestricted: true }, { isRestricted: false }),
  'they have left': person({ deleted: true }, { deleted: false }),
  'Slack can not say who they are': {
    sets: ({ slack, passes }) => {
      passes(61)
      slack.trouble.fail['users.info'] = 'internal_error'
    },
    lifts: ({ slack }) => delete slack.trouble.fail['users.info'],
  },
  'the group that decides has nobody': group([]),
  'the policy refuses it': policy(frozen),
  'no rule of the policy fits it': policy(forNarrower),
  'the token is protected': policy({ ...owners, protects: ['ci-*'] }),
}

const whenAsking: Record<string, Condition> = {
  ...always,
  'they may not ask': policy({ ...owners, may_ask: ['U0BOB'] }),
  'the approvals channel is shared with another organisation': {
    sets: ({ slack }) => slack.admin.changeChannel('C0APPROVALS', { isExtShared: true }),
    lifts: async ({ slack, passes }) => {
      await slack.admin.changeChannel('C0APPROVALS', { isExtShared: false })
      passes(61)
    },
  },
}

const whenDeciding: Record<string, Condition> = { ...always, 'they are in the group no more': group(['U0CAROL']) }

/** Goes from the list of tokens to the preview. */
async function picks({ alice }: World): Promise<void> {
  await alice.suggest(await alice.modalCalled('pick_form'), 'pick_token', 'ci')
  await alice.fill('pick', 'pick_token', 'blt5c1de0000000a001:website')
  await alice.submits()
  await alice.fillsIn({ name: 'ci', reason: 'Shorter' })
  await alice.submits()
}

/** Every way to a preview that only has to be sent. */
const waysToAsk: Record<string, (world: World) => Promise<unknown>> = {
  'the form': ({ alice }) => alice.checks('ci-deploy', { name: 'ci' }),
  'the shortcut': async (world) => {
    await world.alice.shortcut('edit_token')
    await picks(world)
  },
  Home: async (world) => {
    await world.alice.opensHome()
    await world.alice.pressesHome('edit_a_token')
    await picks(world)
  },
  'a quick command': ({ alice }) => alice.says('/token rename ci-deploy to ci because shorter'),
  'an edit of an open change': async ({ alice }) => {
    const card = await alice.asksFor('ci-deploy', { name: 'ci' })
    await alice.presses(card, 'amend')
    await alice.modalCalled('edit_form')
    await alice.fillsIn({ name: 'ci-2' })
    await alice.submits()
  },
}

/** Goes back to the form behind the refusals, however many there are. */
async function goesBack({ modal, closeModal }: Person): Promise<void> {
  while (modal()?.view.callback_id === 'refusal') await closeModal()
}

/** Entries of the log, and repeated refusals that it will combine into one entry. */
async function recorded({ config, store }: World): Promise<number> {
  const combined = await placeAt(config.database).sql<{ times: number }>('select times from repeated_refusals')
  const others = (await store.events()).filter(({ actor }) => actor !== 'app')
  return combined.reduce((sum, { times }) => sum + times, others.length)
}

/** In Slack, a refusal goes on with who can; a form adds the way back. Both are only for the person. */
async function expectRefused(world: World, by: string, condition: string, said = ''): Promise<void> {
  const whys = (await world.store.events()).flatMap(({ actor, event }) =>
    event.type === 'refused' && actor === by ? [event.why.replace(/\. Nothing was done\.$/, '')] : [],
  )
  expect(
    whys.filter((why) => said.startsWith(why)),
    `${condition}: ${said}`,
  ).not.toEqual([])
  expect(world.stack.takenUpdates(), condition).toBe(0)
}

test.each(Object.keys(waysToAsk))(
  'nothing is asked for by %s, first or redelivered, while it may not be',
  async (way) => {
    const world = await startWorld({ transport, config: { policy: owners } })
    const { alice, slack, store } = world
    await waysToAsk[way]!(world)
    await alice.modalCalled('preview')
    const open = async () => (await store.openChanges()).map(({ change: { id, revision } }) => [id, revision])
    const before = await open()
    for (const [condition, { sets, lifts }] of Object.entries(whenAsking)) {
      await sets(world, alice.id)
      await alice.submits()
      expect(alice.modal()?.view.callback_id, condition).toBe('refusal')
      await expectRefused(world, alice.id, condition, alice.reads())
      const refused = await recorded(world)
      await slack.redeliver(slack.deliveries.findLast(({ kind }) => kind === 'view_submission')!)
      expect(await recorded(world), condition).toBe(refused + 1)
      await expectRefused(world, alice.id, condition, alice.reads())
      await lifts(world, alice.id)
      await goesBack(alice)
      expect(await open(), condition).toEqual(before)
    }
    expect(await alice.submits()).toBeUndefined()
  },
)

/** Every way to approve change #1: how it begins, and the act, repeated as needed, that finishes it. */
const waysToApprove: Record<string, { begin: (world: World) => Promise<unknown>; end: 'submit' | 'press' }> = {
  'a press on the card': { begin: async () => {}, end: 'press' },
  'the form on the card': { begin: ({ bob }) => bob.presses(bob.cards()[0]!, 'approve_with_comment'), end: 'submit' },
  'the form on Home': {
    begin: async ({ bob }) => {
      await bob.opensHome()
      await bob.pressesHome('approve_with_comment', '1:1')
    },
    end: 'submit',
  },
}

test.each(Object.keys(waysToApprove))(
  'nothing is approved by %s, first or redelivered, while it may not be',
  async (way) => {
    const world = await startWorld({ transport, config: { policy: owners } })
    const { alice, bob, slack, store, stack, until } = world
    const card = await alice.asksFor('ci-deploy', { name: 'ci' })
    const { begin, end } = waysToApprove[way]!
    await begin(world)
    if (end === 'submit') await bob.modalCalled('approve_form')
    for (const [condition, { sets, lifts }] of Object.entries(whenDeciding)) {
      await sets(world, bob.id)
      const [heard, before] = [bob.toldPrivately().length, await recorded(world)]
      if (end === 'press') await bob.presses(card, 'approve')
      else await bob.submits()
      const said = end === 'press' ? (await bob.hears(heard + 1)).at(-1) : bob.reads()
      await expectRefused(world, bob.id, condition, said)
      await slack.redeliver(slack.deliveries.findLast(({ kind }) => kind !== 'event')!)
      await until('the second refusal', async () => (await recorded(world)) >= before + 2)
      await expectRefused(world, bob.id, condition, said)
      await lifts(world, bob.id)
      if (end === 'submit') await goesBack(bob)
      expect((await store.get(1)).change, condition).toMatchObject({ status: 'pending', approvals: [] })
    }
    if (end === 'press') await bob.presses(card, 'approve')
    else await bob.submits()
    await slack.waitFor(() => /was applied/.test(bob.card(card).text), 'the outcome')
    expect(stack.takenUpdates()).toBe(1)
  },
)
