import { describe, expect, onTestFinished, test } from 'vitest'
import { createRests } from '../../../src/slack/calls/rests.ts'
import { createSender } from '../../../src/slack/calls/sender.ts'
import { createOpenChanges } from '../../../src/slack/changes/open-changes.ts'
import { createDrawHome } from '../../../src/slack/home/draw-home.ts'
import { createPublishHome } from '../../../src/slack/home/publish-home.ts'
import { homePages } from '../../../src/slack/home/view.ts'
import { homeLists } from '../../../src/slack/kit/ids.ts'
import { openStore } from '../../../src/storage/sqlite/store.ts'
import { createElectorates } from '../../../src/workflow/changes/electorates.ts'
import type { LastLook } from '../../../src/workflow/looks/reach.ts'
import { type Counts, fileWith } from '../../support/many.ts'
import { createDirectory } from '../../support/people.ts'
import { turnsDuring } from '../../support/turns.ts'
import { alice, bob, gus, policy, settings } from '../../support/world.ts'
import { parts, reading } from '../kit/drawn.ts'
import { startWorkspace } from '../workspace.ts'

const now = () => new Date('2026-06-01T09:00:00.000Z')

/** The sources of a Home, over a database with as many of each as given. */
function drawing(counts: Counts = {}) {
  const store = openStore(fileWith(counts), now)
  onTestFinished(store.close)
  const people = createDirectory()
  const policies = { website: policy }
  const policyFor = (stack: string) => {
    const found = policies[stack as 'website']
    if (!found) throw new Error(`${stack} is not in the configuration`)
    return found
  }
  const electorates = createElectorates({ people: people.api, policyFor, now })
  const looks: LastLook[] = [
    { stack: 'website', at: '2026-06-01T08:00:00.000Z', failed: false, trouble: null, shut: null },
  ]
  const closed = { why: null as string | null }
  const titleOf = async (stack: string) => stack
  const openChanges = createOpenChanges({
    store,
    electorates,
    teamUrl: 'https://slack.example/',
    titleOf,
    shown: async (stored) => stored,
  })
  const home = createDrawHome({
    store,
    electorates,
    looks: { lastLooks: () => looks, neverListed: async () => [] },
    titleOf,
    openChanges,
    closed: () => closed.why,
    closedRules: async () => [],
    unreadable: () => [],
    now,
  })
  const says = async (person: string) => reading((await home.draw(person, {})).view({ tables: true }))
  return { ...home, openChanges, store, people, looks, closed, says }
}

describe('the digest of a Home', () => {
  test('stays the same while it says the same, however often the stacks are looked at', async () => {
    const { draw, looks } = drawing({ open: 1, ended: 1 })
    const { digest } = await draw(bob, {})
    looks[0] = { ...looks[0]!, at: '2026-06-01T08:59:00.000Z' }
    expect((await draw(bob, {})).digest).toBe(digest)
  })

  test('differs once it says something else', async () => {
    const { draw, drawForOthers, store, people, looks, closed } = drawing({ open: 1, ended: 20, expiring: 1 })
    const digests = [(await draw(bob, {})).digest]
    const take = async () => digests.push((await draw(bob, {})).digest)
    digests.push((await draw(alice, {})).digest)
    digests.push((await draw(bob, { recent: 1 })).digest)
    looks[0] = { ...looks[0]!, failed: true }
    await take()
    closed.why = 'Countersign only reads.'
    await take()
    await store.record(21, bob, () => ({ type: 'cancelled', at: now().toISOString(), by: alice }))
    await take()
    await store.note({ type: 'log_verified', intact: true, complete: true, size: 1, head: '' }, 'cli', null)
    await take()
    for (const { stack, uid: tokenUid } of await store.knownTokens())
      await store.tokenIsGone({ stack, tokenUid }, now().toISOString())
    await take()
    people.obstacles.set(bob, 'guests may not use Countersign')
    digests.push((await drawForOthers(bob))!.digest)
    expect(new Set(digests).size).toBe(digests.length)
  })
})

test('people who are not full members are shown only the reason', async () => {
  const { drawForOthers, people } = drawing({ open: 1 })
  people.obstacles.set(gus, 'guests may not use Countersign')
  expect(await drawForOthers(alice)).toBeNull()
  const closed = (await drawForOthers(gus))?.view({ tables: true })
  expect(reading(closed)).toContain('guests may not')
  expect(closed?.blocks).toHaveLength(1)
})

test('what somebody asked for under an earlier id is theirs, on Home and in the list of `/token mine`', async () => {
  const { openChanges, people, says } = drawing({ open: 1 })
  people.others.set(alice, 'W0ALICE')
  expect(await says('W0ALICE')).toMatch(/\nYours\n#1 Renames ci-deploy/)
  expect((await openChanges.mine('W0ALICE')).items.map(({ stored }) => stored.change.id)).toEqual([1])
})

test('an unreadable change is counted, and hides nothing else', async () => {
  const { store, says } = drawing({ open: 2 })
  const { change } = await store.get(1)
  await store.open({ ...change, type: 'proposed', at: '', stack: 'gone' }, alice, 'view')
  const text = await says(bob)
  expect(text).toContain('Needs you\n#2 Renames ci-deploy')
  expect(text).toContain('Countersign could not tell just now whether 1 more change needs you')
  expect(text).not.toContain('#3 ')
})

test('while Home reads hundreds of open changes, everything else has its turn between each hundred', async () => {
  const { draw } = drawing({ open: 250 })
  expect(await turnsDuring(() => draw(bob, {}))).toBeGreaterThanOrEqual(2)
})

test('a token counts as expiring soon from thirty days ahead', async () => {
  const { store, says } = drawing()
  const days = ['2026-05-31', '2026-06-01', '2026-07-01', '2026-07-02']
  const tokens = days.map((expiresOn, i) => ({ stack: 'website', uid: `t${i}`, settings: settings({ expiresOn }) }))
  await store.rememberTokens('website', tokens, '2026-06-01T08:00:00.000Z')
  const text = await says(bob)
  expect(days.map((day) => text.includes(`expires ${day}`))).toEqual([false, true, true, false])
  expect(await says(bob)).toContain('website can be reached')
})

describe('with hundreds of everything', () => {
  const counts = { open: 500, ended: 500, outsideEdits: 500, expiring: 500 }
  const totals = { needs: bob, yours: alice, recent: bob, expiring: bob, outside: bob }

  test.each(homeLists)('Slack takes Home on every page of the list %s', async (list) => {
    const { draw, decidable } = drawing(counts)
    const { slack, client } = await startWorkspace()
    const publish = createPublishHome({
      client,
      sender: createSender({ rests: createRests() }),
      log: { warn: (_, text) => expect.fail(text) },
    })
    const open = await decidable()
    const person = totals[list]
    const last = Math.ceil(500 / homePages[list]) - 1
    for (const page of [0, 1, Math.floor(last / 2), last, 9999]) {
      await publish(person, await draw(person, { [list]: page }, open))
      const { blocks } = slack.as(person).home()!
      const turns = parts(blocks).filter(({ value }) => String(value).startsWith(`${list}:`))
      const at = Math.min(page, last)
      expect(turns.map(({ value }) => value)).toEqual([
        ...(at > 0 ? [`${list}:${at - 1}`] : []),
        ...(at < last ? [`${list}:${at + 1}`] : []),
      ])
      expect(reading(blocks)).toContain(`${at * homePages[list] + 1} to `)
    }
  })
})
