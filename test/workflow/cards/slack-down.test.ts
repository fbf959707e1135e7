import { describe, expect, test } from 'vitest'
import { Outage, type OutsideTrouble } from '../../../src/domain/outside-trouble.ts'
import { createWorld } from '../../support/core.ts'
import { alice, bob } from '../../support/world.ts'

const shown = ({ chat }: ReturnType<typeof createWorld>) =>
  chat.cards.map((card) => `${card.ts} ${card.shows.change.status}`)

describe('while Slack is down', () => {
  test('an approved change is still applied, once, and its card is repaired afterwards', async () => {
    const all = createWorld()
    const { chat, clock, core, stack } = all
    const id = await all.proposed()
    await core.catchUp.all()
    chat.down = true
    await core.changes.approve({ id, by: bob, revision: 1 }, '')
    for (let i = 0; i < 3; i++) {
      await core.catchUp.all()
      clock.pass(120)
    }
    expect((await core.store.get(id)).change.status).toBe('applied')
    expect(stack.writes()).toBe(1)
    expect(shown(all)).toEqual(['1.0 pending'])

    chat.down = false
    await core.catchUp.all()
    expect(stack.writes()).toBe(1)
    expect(shown(all)).toEqual(['1.0 applied'])
    expect(chat.told).toEqual([`#${id} pending`, `#${id} applied`])
  })

  test('due steps are tried again after 2, 4, 8 … 60 seconds, and the reason for the failure is reported once', async () => {
    const { chat, clock, core, proposed } = createWorld()
    chat.down = true
    const id = await proposed()
    const triedAt: number[] = []
    let second = 0
    chat.api.reached = async () => {
      triedAt.push(second)
      throw new Error('Slack is down')
    }
    for (; second <= 200; second++) {
      await core.catchUp.all()
      clock.pass(1)
    }
    expect([...new Set(triedAt)]).toEqual([2, 6, 14, 30, 62, 122, 182])
    expect(core.failures).toEqual([`card #${id}: Slack is down`, `message #${id}: Slack is down`])
  })

  test('a decision is followed at once, however long the wait had grown', async () => {
    const { chat, core, proposed, stack } = createWorld()
    chat.down = true
    const id = await proposed()
    await core.catchUp.all()
    await core.changes.approve({ id, by: bob, revision: 1 }, '')
    core.catchUp.soon(id)
    await core.catchUp.idle()
    expect(stack.writes()).toBe(1)
  })

  test('a change that waits only until Slack says who may still ask and decide is applied as soon as Slack answers again', async () => {
    const { clock, core, people, stack, proposed } = createWorld()
    const id = await proposed()
    await core.changes.approve({ id, by: bob, revision: 1 }, '')
    people.down = true
    for (let i = 0; i < 5; i++) {
      await core.catchUp.all()
      clock.pass(61)
    }
    await core.catchUp.all()
    people.down = false
    await core.catchUp.all()
    expect(stack.writes()).toBe(0)
    core.catchUp.peopleCanBeAsked()
    await core.catchUp.idle()
    expect(stack.writes()).toBe(1)
    expect((await core.store.get(id)).change.status).toBe('applied')
  })

  test('so is one where Slack could no longer say that after the token had been looked at', async () => {
    const { clock, core, people, stack, proposed } = createWorld()
    const id = await proposed()
    await core.changes.approve({ id, by: bob, revision: 1 }, '')
    stack.onLook = async () => {
      people.down = true
    }
    for (let i = 0; i < 6; i++) {
      clock.pass(301)
      people.down = false
      await core.catchUp.all()
    }
    people.down = false
    stack.onLook = async () => {}
    await core.catchUp.all()
    expect([stack.writes(), (await core.store.get(id)).change]).toMatchObject([0, { status: 'approved' }])
    core.catchUp.peopleCanBeAsked()
    await core.catchUp.idle()
    expect(stack.writes()).toBe(1)
  })

  test('one that waits for its stack is not tried any sooner because of that', async () => {
    const { core, stack, proposed } = createWorld()
    const id = await proposed()
    await core.changes.approve({ id, by: bob, revision: 1 }, '')
    stack.onLook = () => Promise.reject(new Outage('the stack is down'))
    await core.catchUp.all()
    stack.onLook = async () => {}
    core.catchUp.peopleCanBeAsked()
    await core.catchUp.idle()
    expect(stack.writes()).toBe(0)
  })

  test('the wait starts again once everything has worked', async () => {
    const { chat, clock, core, proposed } = createWorld()
    chat.down = true
    const id = await proposed()
    await core.catchUp.all()
    clock.pass(2)
    await core.catchUp.all()
    clock.pass(4)
    chat.down = false
    await core.catchUp.all()
    await core.changes.cancel(id, alice)
    chat.down = true
    await core.catchUp.all()
    chat.down = false
    clock.pass(2)
    await core.catchUp.all()
    expect(chat.told).toEqual([`#${id} pending`, `#${id} cancelled`])
  })
})

/** Slack's answer in a workspace where apps may not write to people. */
const no: OutsideTrouble = Object.assign(new Error('Slack says no'), { endedBy: 'nothing' as const })

/** A change whose requester can't be told, by Slack's answer; `tries` are the seconds at which it was asked. */
async function withoutWords() {
  const all = createWorld()
  const { tellRequester } = all.chat.api
  const tries: number[] = []
  const seconds = () => all.clock.now().getTime() / 1000
  const start = seconds()
  all.chat.api.tellRequester = async () => {
    tries.push(seconds() - start)
    throw no
  }
  return {
    ...all,
    id: await all.proposed(),
    tries,
    passes,
    isAllowed: () => void Object.assign(all.chat.api, { tellRequester }),
  }

  async function passes(hours: number): Promise<void> {
    for (let half = 0; half < hours * 120; half++) {
      await all.core.catchUp.all()
      all.clock.pass(30)
    }
  }
}

describe('while Slack refuses a message for good', () => {
  test('it is tried later and later, up to an hour, and that is reported once', async () => {
    const { core, id, tries, passes } = await withoutWords()
    await passes(5)
    const pauses = tries.slice(1).map((at, i) => at - tries[i]!)
    expect(pauses).toEqual(pauses.toSorted((one, other) => one - other))
    expect(pauses.at(-1)).toBeGreaterThanOrEqual(3600)
    expect(pauses.at(-1)).toBeLessThan(3600 + 120)
    expect(core.failures).toEqual([`message #${id}: Slack says no`])
  })

  test('a card is tried each minute, and that is reported once', async () => {
    const { chat, core, id, passes, isAllowed } = await withoutWords()
    isAllowed()
    const { postCard } = chat.api
    chat.api.postCard = () => Promise.reject(no)
    await passes(2)
    expect(core.failures).toEqual([`card #${id}: Slack says no`])
    chat.api.postCard = postCard
    await passes(1 / 60)
    expect(chat.cards).toHaveLength(1)
  })

  test('a decision is applied, shown and reported at once, if Slack takes it by then', async () => {
    const { chat, core, id, passes, isAllowed } = await withoutWords()
    await passes(2)
    isAllowed()
    await core.changes.approve({ id, by: bob, revision: 1 }, '')
    core.catchUp.soon(id)
    await core.catchUp.idle()
    expect([chat.cards.map(({ shows }) => shows.change.status), chat.told]).toEqual([['applied'], [`#${id} applied`]])
  })

  test('an outage in between is reported, and waited for no longer than any', async () => {
    const { chat, core, id, tries, passes } = await withoutWords()
    await passes(2)
    const { tellRequester } = chat.api
    chat.api.tellRequester = async () => {
      tries.push(-1)
      throw new Error('Slack is down')
    }
    await passes(1.5)
    expect(tries.filter((at) => at < 0).length).toBeGreaterThan(10)
    chat.api.tellRequester = tellRequester
    await passes(1)
    expect(core.failures.filter((line) => line === `message #${id}: Slack says no`)).toHaveLength(1)
  })
})
