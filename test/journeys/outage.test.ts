import { hoursToSeconds } from 'date-fns/hoursToSeconds'
import { describe, expect, test } from 'vitest'
import { startWorld, transports, type World } from '../support/journey.ts'

const hours = 8

/** Suddenly neither calls nor Slack's deliveries get through; the app goes on trying all the while. */
async function outageOf(world: World): Promise<void> {
  const { slack, passes, until } = world
  slack.cutLinks()
  for (let hour = 1; hour <= hours; hour++) {
    const before = slack.calls.length
    passes(hoursToSeconds(1))
    const isTried = () =>
      slack.calls.slice(before).some(({ method, status }) => method === 'conversations.info' && status === 503)
    await until(`a try in hour ${hour}`, () => {
      passes(1)
      return isTried()
    })
  }
  // Every attempt made meanwhile has failed by the time these answers are back.
  for (let i = 0; i < 20; i++) await (await fetch(`${slack.url}/api/auth.test`, { method: 'POST' })).text()
  slack.forgetGhosts()
  slack.trouble.down = false
}

describe.each(transports)('eight hours without Slack, over %s', (transport) => {
  test('change no decision; then every card is up to date, and everybody is told once', async () => {
    const world = await startWorld({
      transport,
      config: { policy: { lives: '4h', rules: [{ name: 'all', approvers: ['U0BOB', 'U0CAROL'] }] } },
    })
    const { alice, bob, carol, slack, stack, store, passes, until } = world
    const decided = await alice.asksFor('ci-deploy', { name: 'ci' })
    await carol.sends('preview-reader', { name: 'reader' })
    const waiting = await slack.waitFor(() => bob.cards()[1], 'the second card')
    await until('a word to each', () => alice.dms().length === 1 && carol.dms().length === 1)

    slack.trouble.down = true
    await bob.approves(decided)
    await slack.waitFor(() => stack.takenUpdates() === 1, 'the update')
    await outageOf(world)

    await until('a connection', () => transport === 'http' || slack.connections > 0)
    const isRight = () => /was applied/.test(bob.card(decided).text) && /expired/.test(bob.card(waiting).text)
    passes(60)
    await slack.waitFor(isRight, 'the cards', 20_000)
    await until('nothing left to do', async () => {
      passes(60)
      return (await store.unfinished(new Date().toISOString())).length === 0
    })
    expect(bob.cards()).toHaveLength(2)
    expect(stack.takenUpdates()).toBe(1)
    for (const [person, outcome] of [
      [alice, 'was applied'],
      [carol, 'expired'],
    ] as const)
      expect(person.dms()).toEqual([expect.anything(), expect.stringContaining(outcome)])
    await alice.says('/token help')
    await alice.hears()
  })
})

test('a change that waits only for Slack is applied as soon as Slack answers again', async () => {
  const world = await startWorld({ transport: 'http' })
  const { alice, bob, logs, slack, stack, passes, until } = world
  const says = (words: string) => logs.some((line) => line.includes(words))
  const card = await alice.asksFor('ci-deploy', { name: 'ci' })
  stack.trouble.down = true
  await bob.approves(card)
  await until('that the stack is down', () => says("This stack can't be looked at"))
  slack.trouble.down = true
  passes(61)
  stack.trouble.down = false
  await until('that Slack is asked', () => says('Who may ask and decide could not be looked up'))
  for (let tries = 0; tries < 6; tries++) {
    const before = slack.calls.length
    passes(61)
    await until('a try', () => {
      // One that was under way meanwhile counts its pause from its end.
      passes(1)
      return slack.calls.slice(before).some(({ method }) => method === 'conversations.info')
    })
  }
  await until('the verdict on Slack', () => says("Slack can't be reached"))
  expect(stack.takenUpdates()).toBe(0)
  slack.trouble.down = false
  await slack.waitFor(() => stack.takenUpdates() === 1, 'the update')
})
