import { setTimeout as wait } from 'node:timers/promises'
import { describe, expect, test } from 'vitest'
import { startWorld, type World } from '../support/journey.ts'

/** From now on Slack wants this left alone for that many seconds, and says so to callers. */
function leaveAlone({ slack }: World, limit: string, seconds: number): void {
  slack.trouble.leaveAlone[limit] = Date.now() + seconds * 1000
}

const calls = ({ slack }: World, wanted: string, status: number) =>
  slack.calls.filter((call) => call.method === wanted && call.status === status)

describe('while Slack asks for a rest', () => {
  test('from edits of messages, none is tried; a decision is applied, reported and recorded, and its card follows by itself', async () => {
    const world = await startWorld({ transport: 'socket' })
    const { alice, bob, slack, stack, logs } = world
    const card = await alice.asksFor('ci-deploy', { name: 'ci' })
    leaveAlone(world, 'chat.update', 2)
    await bob.approves(card)
    await slack.waitFor(() => stack.takenUpdates() === 1, 'the update')
    await slack.waitFor(() => calls(world, 'chat.update', 429).length === 1, 'the call that Slack does not take')
    await alice.opens('preview-reader')
    await slack.waitFor(() => /was applied/.test(bob.card(card).text), 'the card')
    expect(calls(world, 'chat.update', 429)).toHaveLength(1)
    expect(logs.filter((line) => JSON.parse(line).level >= 50)).toEqual([])
    await slack.waitFor(() => alice.dms()[1]?.includes('was applied'), 'the word to Alice')
  })

  test('from questions about channels, the card waits without an error, and follows by itself', async () => {
    const world = await startWorld({ transport: 'socket' })
    const { alice, bob, slack, stack, logs, passes, until } = world
    const card = await alice.asksFor('ci-deploy', { name: 'ci' })
    passes(120)
    leaveAlone(world, 'conversations.info', 122)
    await bob.approves(card)
    await slack.waitFor(() => stack.takenUpdates() === 1, 'the update')
    await slack.waitFor(() => calls(world, 'conversations.info', 429).length > 0, 'the call that Slack does not take')
    passes(60)
    await until('the card', () => /was applied/.test(bob.card(card).text))
    expect(logs.filter((line) => JSON.parse(line).level >= 50)).toEqual([])
  })

  test('from posts to one channel, others get theirs, and the card is posted once', async () => {
    const world = await startWorld({ transport: 'http' })
    const { alice, bob, carol, slack, store } = world
    leaveAlone(world, 'chat.postMessage C0APPROVALS', 2)
    await alice.sends('ci-deploy', { name: 'ci' })
    await carol.sends('preview-reader', { name: 'reader' })
    await slack.waitFor(() => bob.cards().length === 2, 'both cards')
    expect(calls(world, 'chat.postMessage', 429).length).toBeLessThanOrEqual(2)
    await slack.waitFor(() => alice.dms().length === 1 && carol.dms().length === 1, 'a word to each')
    expect((await store.get(1)).cardInDoubt).toBe(false)
    expect(calls(world, 'conversations.history', 200)).toEqual([])
  })

  test('from Homes, nobody waits for one, and it is published later, without a warning', async () => {
    const world = await startWorld({ transport: 'socket' })
    const { bob, slack, logs } = world
    leaveAlone(world, 'views.publish', 2)
    const before = logs.length
    await slack.as(bob.id).openHome()
    await slack.waitFor(() => bob.home(), 'the Home')
    expect(calls(world, 'views.publish', 429)).toHaveLength(1)
    expect(logs.slice(before).filter((line) => JSON.parse(line).level >= 40)).toEqual([])
  })

  test('from forms, people who want one are told at once for how long, and Slack is not called again', async () => {
    const world = await startWorld({ transport: 'socket' })
    const { alice } = world
    leaveAlone(world, 'views.open', 30)
    await alice.says('/token edit ci-deploy')
    await alice.hears()
    await alice.says('/token edit ci-deploy')
    const [first, second] = await alice.hears(2)
    for (const said of [first, second])
      expect(said).toMatch(
        /^Slack got too many calls to views\.open, so Countersign pauses them for \d+ seconds and could not answer this\./,
      )
    expect(world.logs.filter((line) => line.includes('"level":50'))).toEqual([])
    expect(calls(world, 'views.open', 429)).toHaveLength(1)
  })

  test('from answers to a command, the person who typed it is told in a message what Slack did, and for how long', async () => {
    const world = await startWorld({ transport: 'socket' })
    const { alice, slack, logs } = world
    slack.trouble.inPlace = { response_url: 'busy' }
    for (const line of ['/token list', '/token mine', '/token pending', '/token help']) {
      const before = alice.dms().length
      await alice.says(line)
      const [said] = await slack.waitFor(
        () => alice.dms().length > before && alice.dms().slice(before),
        `words on ${line}`,
      )
      expect(said).toMatch(
        /^Slack got too many calls to response_url, so Countersign pauses them for 30 seconds and could not answer this\./,
      )
    }
    expect(logs.filter((line) => JSON.parse(line).level >= 50)).toEqual([])
    slack.trouble.inPlace = {}
    await alice.says('/token list')
    expect((await alice.hears())[0]).toContain('under governance')
  })

  test('a process that is stopped does not wait for that', async () => {
    const world = await startWorld({ transport: 'socket' })
    const { alice, bob, slack, stack, restarts } = world
    const card = await alice.asksFor('ci-deploy', { name: 'ci' })
    leaveAlone(world, 'chat.update', 3600)
    await bob.approves(card)
    await slack.waitFor(() => stack.takenUpdates() === 1, 'the update')
    await slack.waitFor(() => calls(world, 'chat.update', 429).length === 1, 'the call that Slack does not take')
    const stopped = await Promise.race([restarts({}).then(() => 'started again'), wait(4000, 'still waiting')])
    expect(stopped).toBe('started again')
  })
})

test('two processes that Slack keeps waiting with posts to one channel post one card', async () => {
  const world = await startWorld({ transport: 'socket' })
  const { alice, bob, slack, passes, joined } = world
  await joined()
  const waiting = () => calls(world, 'chat.postMessage', 429).length
  leaveAlone(world, 'chat.postMessage C0APPROVALS', 40)
  await alice.sends('ci-deploy', { name: 'ci' })
  await slack.waitFor(() => waiting() === 1, 'one process to wait')
  passes(16)
  await slack.waitFor(() => waiting() === 2, 'both processes to wait')
  await alice.opens('preview-reader')
  passes(60)
  await slack.waitFor(() => bob.cards().length > 0 && alice.dms().length > 0, 'the card, and the word to Alice')
  await bob.rejects(bob.cards()[0]!, 'No')
  await slack.waitFor(() => alice.dms().at(-1)?.includes('was rejected'), 'the next word')
  expect(bob.cards()).toHaveLength(1)
})

test('of many open changes to one token, the card of the one that is decided on is redrawn before the others, each at most once a minute', async () => {
  const world = await startWorld({ transport: 'socket' })
  const { alice, bob, slack, passes, until, store } = world
  const count = 12
  for (let i = 1; i <= count; i++) await alice.asksFor('ci-deploy', { name: `ci-${i}` })
  passes(120)
  await until(
    'the cards to be as they should',
    async () => (await store.unfinished(new Date().toISOString())).length === 0,
  )
  passes(60)
  slack.clear()
  const edits = () => slack.calls.filter(({ method }) => method === 'chat.update').map(({ args }) => String(args.ts))
  const [first, second] = bob.cards()
  await bob.rejects(first!, 'No')
  await slack.waitFor(() => edits().length === count, 'all cards to be drawn')
  await bob.rejects(second!, 'No')
  await slack.waitFor(() => /was rejected/.test(bob.card(second!).text), 'the card of the second')
  expect(edits().indexOf(first!.ts)).toBe(0)
  expect(edits()).toHaveLength(count + 1)
  passes(60)
  await until('the others', async () => (await store.unfinished(new Date().toISOString())).length === 0)
  expect(edits()).toHaveLength(count + 1 + count - 2)
})
