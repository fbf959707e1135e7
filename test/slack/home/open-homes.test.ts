import { expect, onTestFinished, test, vi } from 'vitest'
import { SlackBusy } from '../../../src/slack/calls/said.ts'
import type { DrawnHome } from '../../../src/slack/home/draw-home.ts'
import { createHomes } from '../../../src/slack/home/open-homes.ts'
import { closedHome } from '../../../src/slack/home/view.ts'
import { openStore } from '../../../src/storage/sqlite/store.ts'
import { createClock } from '../../support/clock.ts'
import { eventually } from '../../support/eventually.ts'
import { emptyDatabase } from '../../support/file.ts'
import { alice, bob, carol } from '../../support/world.ts'

/** Homes with the texts in `says`, and everything published of them, in order. */
function world({ path = emptyDatabase(), aMinute = 40, windowMs = 1 } = {}) {
  const clock = createClock()
  const store = openStore(path, clock.now)
  onTestFinished(store.close)
  const says: Record<string, string> = { [alice]: 'a', [bob]: 'b', [carol]: 'c' }
  const barred = new Set<string>()
  const published: string[] = []
  const warnings: unknown[] = []
  let looks = 0
  let rounds = 0
  const slack = {
    publish: async (_: string) => {},
    asked: [] as string[],
    onLook: async () => {},
    knowsPeople: true,
    /** Slack's errors when asked who somebody is, in turn; after them it answers. */
    noes: [] as Error[],
  }
  const homes = createHomes({
    store,
    drawing: {
      decidable: async () => {
        looks += 1
        await slack.onLook()
        return []
      },
      draw: async (person, pages) => drawn(`${says[person]}${JSON.stringify(pages)}`),
      unclear: { view: () => closedHome('Not now.'), digest: 'unclear' },
      drawForOthers: async (person) => {
        slack.asked.push(person)
        const no = slack.noes.shift()
        if (no) throw no
        if (!slack.knowsPeople) throw slackSays('internal_error')
        return barred.has(person) ? drawn('closed') : null
      },
    },
    publish: async (person, { digest }) => {
      await slack.publish(person)
      published.push(`${person} ${digest}`)
    },
    now: clock.now,
    ticks: clock.monotonic,
    onRound: () => {
      rounds += 1
    },
    log: { warn: ({ err }: { err?: unknown }) => void warnings.push(err) },
    pace: { windowMs, aMinute },
  })
  onTestFinished(homes.stop)
  return {
    clock,
    store,
    homes,
    says,
    barred,
    published,
    warnings,
    slack,
    looks: () => looks,
    rounds: () => rounds,
    path,
  }
}

function drawn(digest: string): DrawnHome {
  return { digest, view: () => ({ type: 'home', blocks: [] }) }
}

function slackSays(error: string): Error {
  return Object.assign(new Error(error), { data: { ok: false, error } })
}

const seen = (published: readonly string[], count: number) => eventually(() => expect(published).toHaveLength(count))

test('a Home whose contents would change is published again, and no other', async () => {
  const { homes, says, published } = world()
  for (const person of [alice, bob, carol]) await homes.open(person)
  expect(published).toEqual([`${alice} a{}`, `${bob} b{}`, `${carol} c{}`])
  says[bob] = 'b2'
  homes.changed()
  await seen(published, 4)
  says[alice] = 'a2'
  homes.changed()
  await seen(published, 5)
  expect(published.slice(3)).toEqual([`${bob} b2{}`, `${alice} a2{}`])
})

test('nobody is looked up, and nothing drawn, before somebody has opened their Home', async () => {
  const { homes, slack, looks } = world()
  homes.changed()
  await homes.stop()
  expect([looks(), slack.asked]).toEqual([0, []])
})

test('a Home just opened here is drawn again when another process draws those it knows of, which leads to no third round', async () => {
  const { clock, homes, says, published, looks, rounds } = world()
  homes.changedElsewhere()
  await homes.open(alice)
  says[alice] = 'a2'
  homes.changedElsewhere()
  await seen(published, 2)
  expect([published[1], looks(), rounds()]).toEqual([`${alice} a2{}`, 1, 0])
  clock.pass(10)
  homes.changedElsewhere()
  await homes.stop()
  expect(looks()).toBe(1)
})

test('other processes are told whenever those that they may have open as well are drawn', async () => {
  const { homes, says, published, rounds } = world()
  await homes.open(alice)
  says[alice] = 'a2'
  homes.changed()
  await seen(published, 2)
  expect(rounds()).toBe(1)
})

test('many events at once are one look and one publish', async () => {
  const { homes, says, published, looks } = world()
  await homes.open(alice)
  for (const said of ['a2', 'a3', 'a4']) {
    says[alice] = said
    homes.changed()
  }
  await seen(published, 2)
  expect(published[1]).toBe(`${alice} a4{}`)
  expect(looks()).toBe(1)
})

test('events while a Home is published for the first time are not missed', async () => {
  const { homes, says, published, slack, looks } = world()
  const { promise: answer, resolve: answers } = Promise.withResolvers<void>()
  const { promise: called, resolve: calls } = Promise.withResolvers<void>()
  slack.publish = () => {
    slack.publish = async () => {}
    calls()
    return answer
  }
  const opened = homes.open(alice)
  await called
  says[alice] = 'a2'
  homes.changed()
  await eventually(() => expect(looks()).toBe(1))
  answers()
  await opened
  await seen(published, 2)
  expect(published).toEqual([`${alice} a{}`, `${alice} a2{}`])
})

test('continuing events keep nobody waiting', async () => {
  vi.useFakeTimers()
  onTestFinished(() => void vi.useRealTimers())
  const { homes, says, published } = world({ windowMs: 250 })
  await homes.open(alice)
  says[alice] = 'a2'
  for (const ms of [0, 200, 49]) {
    await vi.advanceTimersByTimeAsync(ms)
    homes.changed()
  }
  expect(published).toHaveLength(1)
  await vi.advanceTimersByTimeAsync(1)
  expect(published).toHaveLength(2)
})

test('one round at a time', async () => {
  const { homes, slack, looks } = world()
  await homes.open(alice)
  let underWay = 0
  slack.onLook = async () => {
    expect(++underWay).toBe(1)
    homes.changed()
    if (looks() === 1) await new Promise((resolve) => setTimeout(resolve, 20))
    underWay -= 1
  }
  homes.changed()
  await eventually(() => expect(looks()).toBeGreaterThan(2))
})

test('events while a round is under way are not missed', async () => {
  const { homes, says, published, slack } = world()
  await homes.open(alice)
  says[alice] = 'a2'
  slack.publish = async () => {
    slack.publish = async () => {}
    says[alice] = 'a3'
    homes.changed()
  }
  homes.changed()
  await seen(published, 3)
  expect(published.slice(1)).toEqual([`${alice} a2{}`, `${alice} a3{}`])
})

test('one publish at a time for a person, and the last one asked for stays', async () => {
  const { homes, published, slack, store } = world()
  let atOnce = 0
  slack.publish = async () => {
    atOnce += 1
    expect(atOnce).toBe(1)
    await new Promise((resolve) => setImmediate(resolve))
    atOnce -= 1
  }
  await Promise.all([homes.open(alice), homes.turn(alice, 'recent', 1), homes.turn(alice, 'needs', 2)])
  expect(published.at(-1)).toBe(`${alice} a{"recent":1,"needs":2}`)
  expect(await store.home(alice)).toMatchObject({ pages: { recent: 1, needs: 2 } })
})

test('a page stays turned until Home is opened again', async () => {
  const { homes, says, published } = world()
  await homes.open(alice)
  await homes.turn(alice, 'recent', 3)
  says[alice] = 'a2'
  homes.changed()
  await seen(published, 3)
  await homes.open(alice)
  expect(published.slice(1)).toEqual([`${alice} a{"recent":3}`, `${alice} a2{"recent":3}`, `${alice} a2{}`])
})

test('the next process goes on from what is shown', async () => {
  const before = world()
  for (const person of [alice, bob]) await before.homes.open(person)
  await before.homes.stop()
  const after = world({ path: before.path })
  after.says[bob] = 'b2'
  await after.homes.sweep()
  await seen(after.published, 1)
  expect(after.published).toEqual([`${bob} b2{}`])
})

test('a Home that Slack refuses does not hold up the others, and is tried again', async () => {
  const { homes, says, published, slack, warnings } = world()
  for (const person of [alice, bob]) await homes.open(person)
  says[alice] = 'a2'
  says[bob] = 'b2'
  let failures = 1
  slack.publish = async (person) => {
    if (person === bob && failures-- > 0) throw slackSays('internal_error')
  }
  homes.changed()
  await seen(published, 3)
  homes.changed()
  await seen(published, 4)
  expect(published.slice(2)).toEqual([`${alice} a2{}`, `${bob} b2{}`])
  expect(warnings).toHaveLength(1)
})

test('an outage ends the round', async () => {
  const { homes, says, slack, warnings } = world()
  for (const person of [alice, bob]) await homes.open(person)
  says[alice] = 'a2'
  says[bob] = 'b2'
  let calls = 0
  slack.publish = async () => {
    calls += 1
    throw new Error('Slack is down')
  }
  homes.changed()
  await eventually(() => expect(warnings).toHaveLength(1))
  await homes.stop()
  expect([calls, warnings.length]).toEqual([1, 1])
})

/** A publish waits by itself until Slack takes it again; who somebody is stays unknown until that is over. */
const busy = (hundredths: number) => new SlackBusy('users.info', hundredths / 100)

test('a rest that Slack asks for before it says who somebody is is kept, and reported once', async () => {
  const { homes, says, published, slack, warnings } = world()
  for (const person of [alice, bob]) await homes.open(person)
  says[alice] = 'a2'
  says[bob] = 'b2'
  slack.noes.push(busy(1))
  slack.asked.length = 0
  homes.changed()
  await seen(published, 4)
  const [first, ...others] = slack.asked
  expect(others.toSorted()).toEqual([alice, bob])
  expect(others).toContain(first)
  expect(warnings).toEqual([expect.objectContaining({ message: expect.stringContaining('users.info') })])
})

test("the reason that a Home can't be shown is reported once, the Home is tried each time, and a failure after success is reported again", async () => {
  const { homes, says, published, slack, warnings } = world()
  await homes.open(alice)
  slack.noes.push(busy(3), busy(2), busy(1), slackSays('internal_error'))
  says[alice] = 'a2'
  homes.changed()
  await eventually(() => expect(slack.noes).toHaveLength(0))
  await eventually(() => expect(warnings).toHaveLength(2))
  homes.changed()
  await seen(published, 2)
  slack.noes.push(busy(3))
  says[alice] = 'a3'
  homes.changed()
  await seen(published, 3)
  expect(warnings).toHaveLength(3)
})

test('a failure to look at the changes is reported once, however many Homes there are', async () => {
  const { homes, warnings, slack } = world()
  for (const person of [alice, bob, carol]) await homes.open(person)
  slack.onLook = () => Promise.reject(new Error('the database is gone'))
  homes.changed()
  await eventually(() => expect(warnings).toHaveLength(1))
  await homes.stop()
  expect(warnings).toHaveLength(1)
})

test('more Homes than Slack has room for in a minute are not published in one', async () => {
  const { homes, says, published, looks } = world({ aMinute: 2 })
  for (const person of [alice, bob, carol]) await homes.open(person)
  for (const person of [alice, bob, carol]) says[person] += '2'
  homes.changed()
  await seen(published, 5)
  homes.changed()
  await eventually(() => expect(looks()).toBe(2))
  await homes.stop()
  expect(published).toHaveLength(5)
  await homes.open(carol)
  expect(published[5]).toBe(`${carol} c2{}`)
})

test('a minute after, the others are published, whatever the clock of the machine shows', async () => {
  const { clock, homes, says, published } = world({ aMinute: 2 })
  for (const person of [alice, bob, carol]) await homes.open(person)
  for (const person of [alice, bob, carol]) says[person] += '2'
  homes.changed()
  await seen(published, 5)
  clock.pass(60)
  homes.changed()
  await seen(published, 6)
})

test('somebody whom Slack no longer knows is forgotten', async () => {
  const { homes, says, slack, store, warnings } = world()
  await homes.open(alice)
  says[alice] = 'a2'
  slack.publish = () => Promise.reject(slackSays('user_not_found'))
  homes.changed()
  await eventually(async () => expect(await store.homes()).toEqual([]))
  expect(warnings).toEqual([])
})

test('somebody who becomes a guest loses what their Home shows at once', async () => {
  const { homes, barred, published, slack } = world()
  for (const person of [alice, bob]) await homes.open(person)
  slack.asked.length = 0
  homes.changedFor(bob)
  homes.changedFor(carol)
  barred.add(alice)
  homes.changedFor(alice)
  await seen(published, 3)
  expect(published[2]).toBe(`${alice} closed`)
  expect(slack.asked).toEqual([bob, alice])
})

test('while nobody can say who somebody is, their Home says nothing, and its usual contents once somebody can', async () => {
  const { homes, published, slack, warnings } = world()
  for (const person of [alice, bob]) await homes.open(person)
  slack.knowsPeople = false
  homes.changedFor(alice)
  await seen(published, 3)
  await expect(homes.open(bob)).rejects.toThrow('internal_error')
  expect(published.slice(2)).toEqual([`${alice} unclear`, `${bob} unclear`])
  await eventually(() => expect(warnings).toHaveLength(1))
  slack.knowsPeople = true
  homes.changed()
  await seen(published, 6)
  expect(published.slice(4).sort()).toEqual([`${alice} a{}`, `${bob} b{}`])
})

test('a Home that says nothing is redrawn after a minute, though nothing has happened', async () => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'Date'] })
  onTestFinished(() => void vi.useRealTimers())
  const { homes, published, slack } = world()
  slack.knowsPeople = false
  await expect(homes.open(alice)).rejects.toThrow('internal_error')
  slack.knowsPeople = true
  await vi.advanceTimersByTimeAsync(61_000)
  expect(published).toEqual([`${alice} unclear`, `${alice} a{}`])
})

test('a Home that Slack does not take when somebody opens it, however it is drawn, is shown a minute later', async () => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
  onTestFinished(() => void vi.useRealTimers())
  const { homes, published, slack, store } = world()
  slack.publish = async () => {
    throw slackSays('hash_conflict')
  }
  await expect(homes.open(alice)).rejects.toThrow('hash_conflict')
  expect(published).toEqual([])
  slack.publish = async () => {}
  await vi.advanceTimersByTimeAsync(60_000)
  await seen(published, 1)
  expect(published).toEqual([`${alice} a{}`])
  await eventually(async () => expect((await store.home(alice))?.digest).toBe('a{}'))
})

test('Slack is asked who somebody is only if there is something to show them', async () => {
  const { homes, slack, says, published, looks } = world()
  for (const person of [alice, bob]) await homes.open(person)
  slack.asked.length = 0
  homes.changed()
  await eventually(() => expect(looks()).toBe(1))
  says[bob] = 'b2'
  homes.changed()
  await seen(published, 3)
  expect(slack.asked).toEqual([bob])
})

test('every ten minutes Home is checked for what time alone has changed', async () => {
  const { homes, clock, says, published, looks } = world()
  await homes.open(alice)
  await homes.sweep()
  await eventually(() => expect(looks()).toBe(1))
  says[alice] = 'a2'
  clock.pass(599)
  await homes.sweep()
  homes.open(bob)
  await seen(published, 2)
  expect(looks()).toBe(1)
  clock.pass(1)
  await homes.sweep()
  await seen(published, 3)
})

test('while the database cannot be written, Homes are still published once, and kept up to date', async () => {
  const { homes, says, published, store, warnings, looks } = world()
  await homes.open(alice)
  const { homeIsShown } = store
  store.homeIsShown = () => Promise.reject(new Error('the disk is full'))
  says[alice] = 'read-only'
  homes.changed()
  await seen(published, 2)
  await homes.open(bob)
  homes.changed()
  await eventually(() => expect(looks()).toBe(2))
  says[bob] = 'b2'
  homes.changed()
  await seen(published, 4)
  expect(published.slice(1)).toEqual([`${alice} read-only{}`, `${bob} b{}`, `${bob} b2{}`])
  store.homeIsShown = homeIsShown
  says[alice] = 'a'
  homes.changed()
  await seen(published, 5)
  await eventually(async () => expect(await store.home(alice)).toMatchObject({ digest: 'a{}' }))
  expect(warnings).toEqual([])
})
