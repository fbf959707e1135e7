import { describe, expect, test } from 'vitest'
import { startWorld } from '../support/journey.ts'

const uid = 'blt5c1de0000000d001'

/** As long as a token can be and still be read. */
const longest = {
  uid,
  name: `ci ${'x'.repeat(997)}`,
  description: 'd'.repeat(10_000),
  scope: [
    { module: 'entry', acl: { read: true } },
    { module: 'branch', acl: { read: true }, branches: ['main'] },
    ...Array.from({ length: 198 }, (_, i) => ({ module: `odd-${i}-${'y'.repeat(200)}`, acl: { read: true } })),
  ],
}

describe('data from a stack', () => {
  test('is listed, shown, edited and decided on if a token is as long as one may be', async () => {
    const world = await startWorld({ stack: { tokens: [longest] } })
    const { alice, bob, slack, stack, logs } = world
    await alice.says('/token list')
    expect((await alice.hears()).at(-1)).toContain('ci xxx')
    await alice.says(`/token show ${uid}`)
    await alice.modalCalled('token_page')
    const card = await alice.asksFor(uid, { 'module.entry': 'write' })
    await bob.approves(card)
    await slack.waitFor(() => /was applied/.test(bob.card(card).text), 'the outcome')
    expect(stack.token(uid)?.scope?.[0]).toEqual({ module: 'entry', acl: { read: true, write: true } })
    expect(logs.filter((line) => line.includes('"level":50'))).toEqual([])
  })

  test.each([
    ['huge', /larger than 4 MB/],
    ['endless', /never comes to an end/],
  ] as const)('is refused in words if it is %s, and the last look stays', async (reads, words) => {
    const { alice, stack } = await startWorld()
    stack.trouble.reads = reads
    await alice.says('/token list')
    const [said] = await alice.hears()
    expect(said).toMatch(words)
    expect(said).toContain('ci-deploy')
  })
})

test('an approved change waits while the stack answers with far too much, says so, and is applied once', async () => {
  const { alice, bob, passes, slack, stack } = await startWorld({ transport: 'socket' })
  const card = await alice.asksFor('ci-deploy', { name: 'ci-release' })
  stack.trouble.reads = 'huge'
  await bob.approves(card)
  await slack.waitFor(() => bob.readsCard(card).includes('larger than 4 MB'), 'the card to say why it waits')
  expect(stack.takenUpdates()).toBe(0)
  stack.trouble.reads = 'ok'
  passes(11)
  await slack.waitFor(() => /was applied/.test(bob.card(card).text), 'the outcome')
  expect(stack.takenUpdates()).toBe(1)
})

describe('the looks that people cause', () => {
  const many = Array.from({ length: 25 }, (_, i) => ({
    uid: `blt5c1de0000000e${100 + i}`,
    name: `bot-${i}`,
    scope: [
      { module: 'entry', acl: { read: true } },
      { module: 'branch', acl: { read: true }, branches: ['main'] },
    ],
  }))

  test('let an approved change go first, however many there are', async () => {
    const world = await startWorld({
      transport: 'socket',
      stack: { tokens: many },
      config: { requests_per_second: 3 },
    })
    const { alice, bob, carol, slack, stack } = world
    const card = await alice.asksFor('bot-0', { 'module.entry': 'write' })
    await world.until('the look behind the form', () => stack.requests.every(({ status }) => status !== null))
    stack.clear()
    for (const { name } of many) await carol.says(`/token show ${name}`)
    await bob.approves(card)
    await slack.waitFor(() => /was applied/.test(bob.card(card).text), 'the outcome')
    const asked = stack.requests.map(({ method, path }) => `${method} ${path.split('/').at(-1)}`)
    expect(asked).toContain(`PUT ${many[0]!.uid}`)
    expect(asked).not.toContain(`GET ${many.at(-1)!.uid}`)
  })

  test('are limited for each person, who is told, whatever the clock is set to, and sees the last look', async () => {
    const { alice, bob, clockIsSet, stack, until } = await startWorld({ transport: 'socket' })
    const looks = () => stack.requests.filter(({ path }) => path.endsWith('/management_tokens')).length
    for (let i = 0; i < 30; i += 1) {
      await alice.says('/token list')
      await alice.hears(i + 1)
    }
    expect(looks()).toBe(30)
    clockIsSet(61)
    await alice.says('/token list')
    const said = (await alice.hears(31)).at(-1)
    expect(said).toContain('30 times within a minute')
    expect(said).toContain('ci-deploy')
    await bob.says('/token list')
    expect((await bob.hears()).at(-1)).not.toContain('30 times')
    await until("the look for Bob's list", () => looks() > 30)
  })
})

test('somebody who is refused the same thing again and again does not fill the log, and it says how often', async () => {
  const { alice, mallory, passes, store, until } = await startWorld({ transport: 'socket' })
  const card = await alice.asksFor('ci-deploy', { name: 'ci-release' })
  for (let i = 0; i < 8; i += 1) await mallory.presses(card, 'approve')
  expect(await mallory.hears(8)).toEqual(Array(8).fill(expect.stringContaining("You can't approve change #1")))
  const refused = async () => (await store.events(1)).map(({ event }) => event).filter(({ type }) => type === 'refused')
  expect(await refused()).toHaveLength(1)
  passes(601)
  await until('the sum of them', async () => (await refused()).length > 1)
  expect((await refused())[1]).toMatchObject({ attempted: 'approve', again: { times: 7 } })
})

test('somebody who has had too many looks can still open forms, and nobody is warned about each of them', async () => {
  const { alice, logs, stack } = await startWorld({ transport: 'socket' })
  for (let i = 0; i < 31; i++) {
    await alice.says('/token list')
    await alice.hears(i + 1)
  }
  const asked = stack.requests.length
  for (let i = 0; i < 3; i++) {
    await alice.opens('ci-deploy')
    await alice.closeModal()
  }
  await alice.says('/token help')
  await alice.hears(32)
  expect(stack.requests).toHaveLength(asked)
  expect(logs.filter((line) => line.includes('could not be looked at again'))).toEqual([])
})
