import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { type Change, hasEnded } from '../../../src/domain/change/change.ts'
import { changeEvent } from '../../../src/domain/change/event.ts'
import { evolve, open } from '../../../src/domain/change/evolve.ts'
import type { AuditEvent } from '../../../src/ports/log.ts'
import type { Store } from '../../../src/ports/store.ts'
import { type Clock, createClock } from '../../support/clock.ts'
import { begin, type Command, command, type Deciders, type History, run } from '../../support/histories.ts'
import { alice, bob, carol } from '../../support/world.ts'
import { engines } from './engines.ts'

/** At the start: Bob or Carol. */
const deciders: Deciders = { people: [bob, carol], quorum: 1, guests: [] }

type Check = (history: History, before: readonly Change[], after: readonly Change[]) => Promise<void> | void

describe.each(engines)('on $name', (engine) => {
  /** Runs random histories of two changes, and checks after every command. */
  async function inEveryHistory(check: Check, numRuns = 80): Promise<void> {
    const commands = fc.array(command, { minLength: 1, maxLength: 25, size: 'max' })
    await fc.assert(
      fc.asyncProperty(commands, (some) => throughout(some, check)),
      { numRuns: Math.ceil(numRuns * engine.share) },
    )
  }

  /** As much of something as comes up in the engine's share of the histories. */
  const ofAll = (many: number) => Math.floor(many * engine.share)

  async function throughout(commands: readonly Command[], check: Check): Promise<void> {
    const clock = createClock()
    const { store, end } = await engine.brief(clock)
    const history: History = { store, clock, deciders }
    await begin(history)
    let before = await changes(history.store)
    for (const next of commands) {
      await run(history, next)
      const after = await changes(history.store)
      await check(history, before, after)
      before = after
    }
    await end()
  }

  async function changes(store: Store): Promise<Change[]> {
    return Promise.all([1, 2].map(async (id) => (await store.get(id)).change))
  }

  function replay(id: number, events: readonly AuditEvent[]): Change {
    const [first, ...rest] = events.flatMap(({ event }) => changeEvent.safeParse(event).data ?? [])
    if (first?.type !== 'proposed') throw new Error('a history begins with a proposal')
    return rest.reduce(evolve, open(id, first))
  }

  test('replaying the audit log gives the stored state, and the log has no gap', async () => {
    await inEveryHistory(async ({ store }, _, after) => {
      for (const change of after) expect(replay(change.id, await store.events(change.id))).toEqual(change)
      const all = await store.events()
      expect(all.map(({ seq }) => seq)).toEqual(all.map((_, i) => i + 1))
    })
  })

  test('no history applies anything that was not approved exactly by a quorum of full members who had no hand in asking', async () => {
    let applies = 0
    let revised = 0
    await inEveryHistory(async ({ deciders, store }, before, after) => {
      for (const [i, change] of after.entries()) {
        if (change.status !== 'applying' || before[i]!.status === 'applying') continue
        const events = (await store.events(change.id)).map(({ event }) => event)
        const asking = events.findLastIndex(({ type }) => ['proposed', 'amended', 'rebased'].includes(type))
        const amenders = events.flatMap((event) => (event.type === 'amended' ? event.by : []))
        const approvers = new Set(events.slice(asking).flatMap((event) => (event.type === 'approved' ? event.by : [])))
        const eligible = deciders.people.filter((person) => ![alice, ...amenders, ...deciders.guests].includes(person))
        expect(eligible.filter((person) => approvers.has(person)).length).toBeGreaterThanOrEqual(deciders.quorum)
        expect(events[asking]).toMatchObject({ before: change.before, after: change.after })
        applies++
        if (asking > 0) revised++
      }
    }, 300)
    expect(applies).toBeGreaterThanOrEqual(ofAll(21))
    expect(revised).toBeGreaterThanOrEqual(ofAll(1))
  })

  test('a change that has ended never moves again', async () => {
    let ended = 0
    await inEveryHistory((_, before, after) => {
      for (const [i, change] of before.entries()) {
        if (!hasEnded(change)) continue
        expect(after[i]).toEqual(change)
        ended++
      }
    })
    expect(ended).toBeGreaterThanOrEqual(ofAll(6))
  })

  test('a change moves only together with one event of its own', async () => {
    let written = 0
    await inEveryHistory(async ({ store }, before, after) => {
      const stored = await Promise.all([1, 2].map((id) => store.get(id)))
      const lastEvents = await Promise.all(
        [1, 2].map(async (id) => (await store.events(id)).filter(isMove).at(-1)?.seq),
      )
      expect(stored.map(({ seq }) => seq)).toEqual(lastEvents)
      written += before.filter((change, i) => change !== after[i]).length
    })
    expect(written).toBeGreaterThan(0)
  })

  function isMove({ event }: AuditEvent): boolean {
    return changeEvent.safeParse(event).success
  }

  test('two stores on one database, taking turns at random, behave as one', async () => {
    const steps = fc.array(fc.tuple(command, fc.boolean()), { minLength: 1, maxLength: 20, size: 'max' })
    await fc.assert(
      fc.asyncProperty(steps, async (some) => {
        const place = await engine.empty()
        const clocks = [createClock(), createClock()] as const
        const taken = await outcome(some, clocks[0], [await place.open(clocks[0]), await place.open(clocks[0])])
        const { store, end } = await engine.brief(clocks[1])
        expect(taken).toEqual(await outcome(some, clocks[1], [store]))
        await end()
      }),
      { numRuns: Math.ceil(20 * engine.share) },
    )
  })

  /** The result of every command, and the final state and log, on which all stores agree. */
  async function outcome(steps: readonly [Command, boolean][], clock: Clock, stores: readonly Store[]) {
    const history: History = { store: stores[0]!, clock, deciders }
    await begin(history)
    const results: string[] = []
    for (const [next, other] of steps) {
      history.store = stores[other ? stores.length - 1 : 0]!
      results.push(await run(history, next))
    }
    const ends = await Promise.all(
      stores.map(async (store) => ({ changes: await changes(store), events: await store.events() })),
    )
    for (const end of ends) expect(end).toEqual(ends[0])
    return { results, ...ends[0]! }
  }
})
