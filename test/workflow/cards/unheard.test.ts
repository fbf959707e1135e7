import { stdSerializers } from 'pino'
import { describe, expect, test } from 'vitest'
import { SlackBusy } from '../../../src/slack/calls/said.ts'
import { createPosts } from '../../../src/workflow/cards/posts.ts'
import { createNoes } from '../../../src/workflow/rounds/noes.ts'
import { createClock } from '../../support/clock.ts'
import { createWorld, startCore } from '../../support/core.ts'
import { alice, ask, bob, carol, dave, owners, policyOf } from '../../support/world.ts'

type World = ReturnType<typeof createWorld>

/** Like Slack's own no. */
class SlackNoMore extends Error {
  readonly endedBy = 'operator'
}

/** Rounds of catching up, each that many minutes after the last. */
async function passes({ core, clock }: World, rounds: number, everyMinutes = 1): Promise<void> {
  for (let i = 0; i < rounds; i++) {
    await core.catchUp.all()
    clock.pass(60 * everyMinutes)
  }
}

/** The same, while posts arrive and their answers do not. */
async function loses(world: World, rounds: number, everyMinutes = 1): Promise<void> {
  world.chat.losesAnswers = true
  await passes(world, rounds, everyMinutes)
  world.chat.losesAnswers = false
}

function withoutLooking() {
  const world = createWorld()
  world.chat.mayLook = false
  return world
}

describe('if Slack takes posts and its answers are lost', () => {
  test('a card and a message are sent a few times in a week, more and more seldom, and the log says so', async () => {
    const world = withoutLooking()
    const { chat, core } = world
    await world.proposed()
    await loses(world, 60)
    const inAnHour = [chat.cards.length, chat.told.length]
    await loses(world, 96, 30)
    expect(Math.max(...inAnHour)).toBeLessThanOrEqual(5)
    expect(Math.max(chat.cards.length, chat.told.length)).toBeLessThanOrEqual(9)
    expect(core.failures).toContainEqual(
      expect.stringMatching(
        /^card #1: Slack answers other calls, but not this post, which was sent 2 times .*may have arrived/,
      ),
    )
    expect(core.failures.length).toBeLessThan(20)
  })

  test('posts that are tried again, and those that may be there unanswered, are counted until they are through', async () => {
    const world = withoutLooking()
    const { chat, core } = world
    chat.down = true
    const id = await world.proposed()
    await core.catchUp.all()
    expect(core.catchUp.unposted()).toEqual({ failing: 2, inDoubt: 2 })
    chat.down = false
    world.clock.pass(60)
    await loses(world, 2)
    expect(core.catchUp.unposted()).toEqual({ failing: 2, inDoubt: 2 })
    await passes(world, 10)
    expect(await core.store.get(id)).toMatchObject({ card: expect.anything(), told: 'sent' })
    expect(core.catchUp.unposted()).toEqual({ failing: 0, inDoubt: 0 })
    const { tellRequester } = chat.api
    chat.api.tellRequester = async () => {
      throw new SlackNoMore()
    }
    await core.changes.cancel(id, alice)
    await core.catchUp.all()
    expect(core.catchUp.unposted()).toEqual({ failing: 1, inDoubt: 0 })
    chat.api.tellRequester = tellRequester
    await passes(world, 10)
    expect(core.catchUp.unposted()).toEqual({ failing: 0, inDoubt: 0 })
  })

  test('a card that may be there is searched for by the next process too, though Slack put off the search', async () => {
    const world = createWorld()
    const { chat, core, outside, clock } = world
    const id = await world.proposed()
    chat.losesNextAnswer = true
    await core.catchUp.all()
    const { findCard } = chat.api
    chat.api.findCard = () => Promise.reject(new SlackBusy('conversations.history', 30))
    await passes({ ...world, core: startCore(outside, 'second') }, 2)
    expect((await core.store.get(id)).cardInDoubt).toBe(true)
    chat.api.findCard = findCard
    clock.pass(60)
    await startCore(outside, 'third').catchUp.all()
    expect(chat.cards).toHaveLength(1)
    expect(await core.store.get(id)).toMatchObject({ card: { ts: chat.cards[0]!.ts }, cardInDoubt: false })
  })

  test('a checkpoint in a thread is sent a few times in a week too', async () => {
    const world = createWorld()
    const { chat, core } = world
    const id = await world.proposed()
    await core.catchUp.all()
    await core.changes.cancel(id, alice)
    await loses(world, 48, 30)
    expect(chat.anchors.length).toBeLessThanOrEqual(8)
    await passes(world, 5, 24 * 60)
    expect(await core.store.anchors(id)).toBe('everywhere')
  })

  test('a post that Slack has answered is not repeated while that cannot be noted', async () => {
    const world = createWorld()
    const { chat, core } = world
    const id = await world.proposed()
    await core.catchUp.all()
    let words = 0
    const { tellRequester } = chat.api
    chat.api.tellRequester = (stored, leaving) =>
      tellRequester(stored, (post) => leaving(() => post().finally(() => (words += 1))))
    const { requesterWasTold } = core.store
    core.store.requesterWasTold = async () => {
      throw new Error('the disk is full')
    }
    await core.changes.cancel(id, alice)
    await passes(world, 10)
    core.store.requesterWasTold = requesterWasTold
    await passes(world, 2)
    expect([words, chat.told]).toEqual([1, ['#1 pending', '#1 cancelled']])
    expect((await core.store.get(id)).told).toBe('cancelled 1')
  })

  test('of three requesters of a change, two are not told again because the third cannot be', async () => {
    const world = createWorld()
    const { chat, core } = world
    world.outside.policy = policyOf([ask([owners])])
    world.people.groups.set(owners, [bob, carol, dave, 'U0ERIN', 'U0FRANK'])
    const id = await world.proposed()
    await core.catchUp.all()
    const { change } = await core.store.get(id)
    await core.changes.amend(
      { id, by: bob, revision: 1 },
      { after: { ...change.after, name: 'ci-2' }, reason: 'Bob says so' },
    )
    await core.changes.amend(
      { id, by: carol, revision: 2 },
      { after: { ...change.after, name: 'ci-3' }, reason: 'Carol says so' },
    )
    await core.changes.amend(
      { id, by: dave, revision: 3 },
      { after: { ...change.after, name: 'ci-4' }, reason: 'Dave says so' },
    )
    const { tellEdited } = chat.api
    chat.api.tellEdited = async (person, ...rest) => {
      if (person === carol) throw new Error('no way to Carol')
      return tellEdited(person, ...rest)
    }
    await passes(world, 10)
    expect(chat.toldEdited.map(({ person }) => person)).toEqual([alice, bob])
    chat.api.tellEdited = tellEdited
    await passes(world, 2)
    expect(chat.toldEdited.map(({ person }) => person)).toEqual([alice, bob, carol])
  })

  test('once Slack has answered another post, everything is sent without a further rest', async () => {
    const world = withoutLooking()
    const { chat, core } = world
    const id = await world.proposed()
    await loses(world, 36, 5)
    expect((await core.store.get(id)).card).toBeNull()
    await world.proposed({ tokenUid: 't2' })
    await passes(world, 3)
    expect((await core.store.get(id)).card).not.toBeNull()
    expect((await core.store.get(id)).told).toBe('sent')
    expect(chat.told).toContain('#2 pending')
  })

  test('the log gives the cause of that once', async () => {
    const posts = createPosts({ chat: { reached: async () => {} }, now: createClock().now })
    const loses = () => posts.once(1, 'card', async () => Promise.reject(new Error('the answer was lost')), true)
    const error = await loses().catch((error: Error) => error)
    expect(stdSerializers.err(error).message).toMatch(
      /^Slack answers other calls, but not .* another post: the answer was lost$/,
    )
  })

  test('though all others are answered, that hurries it only once', async () => {
    const clock = createClock()
    const posts = createPosts({ chat: { reached: async () => {} }, now: clock.now })
    let sent = 0
    const loses = async () => {
      sent += 1
      throw new Error('the answer was lost')
    }
    for (let minute = 0; minute < 60; minute++) {
      await posts.once(1, 'card', loses).catch(() => {})
      await posts.once(2, `word ${minute}`, async () => 'heard')
      clock.pass(60)
    }
    expect(sent).toBeLessThanOrEqual(6)
  })

  test('nothing is lost for good, though no other post is ever answered', async () => {
    const world = withoutLooking()
    const { core } = world
    const id = await world.proposed()
    await loses(world, 36, 5)
    await passes(world, 24, 60)
    expect(await core.store.get(id)).toMatchObject({ card: expect.anything(), told: 'sent' })
  })

  test('a card that somebody presses is kept up to date from then on, and no more are posted', async () => {
    const world = withoutLooking()
    const { chat, core } = world
    const id = await world.proposed()
    await loses(world, 12, 5)
    const posted = chat.cards.length
    await core.changes.approve({ id, by: bob, revision: 1 }, '')
    core.catchUp.soon(id, { channel: 'C1', ts: '2.0', mark: '' })
    await core.catchUp.idle()
    await passes(world, 24, 60)
    expect((await core.store.get(id)).card).toMatchObject({ ts: '2.0' })
    expect(chat.cards.find(({ ts }) => ts === '2.0')?.shows.change.status).toBe('applied')
    expect(chat.cards).toHaveLength(posted)
  })

  test('if the app may search for a card, it is found and not posted again', async () => {
    const world = createWorld()
    await world.proposed()
    await loses(world, 10)
    expect(world.chat.cards).toHaveLength(1)
  })
})

describe('when the app starts again after the answer to a post was lost', () => {
  test('a card that it may search for is found, and not posted again', async () => {
    const world = createWorld()
    const id = await world.proposed()
    await loses(world, 1)
    const again = startCore(world.outside, 'second')
    await passes({ ...world, core: again }, 3)
    expect(world.chat.cards).toHaveLength(1)
    expect((await again.store.get(id)).card).toMatchObject({ ts: '1.0' })
  })

  test('a card that it may not search for is posted once more, and no oftener', async () => {
    const world = withoutLooking()
    await world.proposed()
    await loses(world, 1)
    await passes({ ...world, core: startCore(world.outside, 'second') }, 5)
    expect([world.chat.cards.length, world.chat.told]).toEqual([2, ['#1 pending', '#1 pending']])
  })

  test('a card is not posted again while Slack answers nothing, and once at each start while it answers no post', async () => {
    const world = withoutLooking()
    const { chat } = world
    await world.proposed()
    await loses(world, 1)
    chat.losesAnswers = true
    chat.api.reached = async () => {
      throw new Error('Slack is down')
    }
    await startCore(world.outside, 'second').catchUp.all()
    expect(chat.cards).toHaveLength(1)
    chat.api.reached = async () => {}
    for (let i = 0; i < 3; i++) {
      const again = startCore(world.outside, `later ${i}`)
      await again.catchUp.all()
      world.clock.pass(20)
      await again.catchUp.all()
    }
    expect(chat.cards).toHaveLength(4)
  })
})

describe('while Slack answers nothing at all', () => {
  test('nothing that may have arrived is posted again, and all of it is sent within a minute after', async () => {
    const world = withoutLooking()
    const { chat, core } = world
    const id = await world.proposed()
    await loses(world, 1)
    chat.down = true
    await passes(world, 48, 10)
    expect(chat.cards).toHaveLength(1)
    chat.down = false
    await passes(world, 2)
    expect(chat.cards).toHaveLength(2)
    expect(await core.store.get(id)).toMatchObject({ card: expect.anything(), told: 'sent' })
  })

  test('a revoked token is not an error a minute, for an approved change either', async () => {
    const world = createWorld()
    const { core, people } = world
    await core.catchUp.all()
    await core.approved()
    people.down = true
    await passes(world, 60)
    expect(core.failures.filter((line) => line.startsWith('apply'))).toHaveLength(1)
  })
})

test.each([
  ['the id of the request', (n: number) => `the stack answered: no reason given (status 503, request id 7f${n}-c)`],
  ['how long to wait', (n: number) => `Slack got too many calls to users.info, so Countersign pauses them for ${n} s`],
])('a reason that differs only in %s is reported once', (_, why) => {
  const noes = createNoes(createClock().now)
  expect([1, 2, 3].map((n) => noes.note(1, 'apply', new Error(why(n))))).toEqual([true, false, false])
  expect(noes.note(1, 'apply', new Error('another'))).toBe(true)
  noes.end(1, 'apply')
  expect(noes.note(1, 'apply', new Error(why(4)))).toBe(true)
})

test('after an outage, people hear first about what was due first, though a later change is tried sooner', async () => {
  const world = createWorld()
  const { chat, clock, core } = world
  chat.down = true
  await world.proposed()
  await passes(world, 8)
  await world.proposed({ tokenUid: 't2' })
  await core.catchUp.all()
  chat.down = false
  clock.pass(3)
  await core.catchUp.all()
  expect(chat.cards.map(({ shows }) => shows.change.id)).toEqual([1, 2])
  expect(chat.told).toEqual(['#1 pending', '#2 pending'])
})
