import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { Change } from '../../src/domain/change/change.ts'
import { changeEvent } from '../../src/domain/change/event.ts'
import { evolve, open } from '../../src/domain/change/evolve.ts'
import { Refusal } from '../../src/domain/refusal.ts'
import type { AuditEvent } from '../../src/ports/log.ts'
import { type Engine, engines } from '../storage/contract/engines.ts'
import { type Core, createOutside, type Outside, startCore } from '../support/core.ts'
import { alice, ask, bob, carol, dave, policyOf, settings } from '../support/world.ts'

const press = (by: string) => ({ id: 1, by, revision: 1 })
const amended = settings({ name: 'ci-next' })
const week = 7 * 24 * 3600

/** The acts that people, or the passing of time, may do at the same moment as others. */
const acts = {
  'Bob approves': ({ changes }: Core) => changes.approve(press(bob), ''),
  'Carol approves': ({ changes }: Core) => changes.approve(press(carol), ''),
  'Carol rejects': ({ changes }: Core) => changes.reject(press(carol), 'not now'),
  'Alice cancels': ({ changes }: Core) => changes.cancel(1, alice),
  'Alice amends': ({ changes }: Core) => changes.amend(press(alice), { after: amended, reason: 'A better name' }),
  'Carol amends': ({ changes }: Core) => changes.amend(press(carol), { after: amended, reason: 'A better name' }),
  'the app catches up': ({ catchUp }: Core) => catchUp.all(),
  'the time is over': async ({ catchUp }: Core, outside: Outside) => {
    outside.clock.pass(week)
    await catchUp.all()
  },
}
type Act = keyof typeof acts

/**
 * The possible results of two simultaneous acts: the final status of the change, and whether each act was taken or
 * refused.
 */
const pairs: [Act, Act, string[]][] = [
  ['Bob approves', 'Bob approves', ['applied: taken, refused', 'applied: refused, taken']],
  ['Bob approves', 'Carol approves', ['applied: taken, refused', 'applied: refused, taken']],
  ['Bob approves', 'Carol rejects', ['applied: taken, refused', 'rejected: refused, taken']],
  ['Bob approves', 'Alice cancels', ['cancelled: taken, taken', 'cancelled: refused, taken']],
  ['Bob approves', 'Alice amends', ['applied: taken, refused', 'pending: refused, taken']],
  ['Bob approves', 'Carol amends', ['applied: taken, refused', 'pending: refused, taken']],
  ['Bob approves', 'the time is over', ['expired: taken, taken', 'expired: refused, taken']],
  ['Bob approves', 'the app catches up', ['applied: taken, taken']],
  ['Carol rejects', 'Alice cancels', ['rejected: taken, refused', 'cancelled: refused, taken']],
  ['Carol rejects', 'Alice amends', ['rejected: taken, refused', 'pending: refused, taken']],
  ['Alice amends', 'Carol amends', ['pending: taken, refused', 'pending: refused, taken']],
  ['Alice cancels', 'the app catches up', ['cancelled: taken, taken']],
  ['Alice cancels', 'the time is over', ['cancelled: taken, taken', 'expired: refused, taken']],
]

type Scene = {
  readonly engine: Engine
  readonly some: readonly Act[]
  readonly prepare: (core: Core) => Promise<unknown>
}

type Reply = { readonly act: Act; readonly change: Change | null; readonly refused: string | null }

/**
 * Lets two or three act at once, through two processes on one database, with every look-up answered in the seed's order.
 * Then everything catches up undisturbed.
 */
async function atOnce(scheduler: fc.Scheduler, { engine, some, prepare }: Scene) {
  const { outside, cores } = await twoProcesses(engine)
  await cores[0].proposed()
  await prepare(cores[0])
  outside.people.onLook = () => scheduler.schedule(Promise.resolve(), 'look-up')
  outside.stack.onLook = () => scheduler.schedule(Promise.resolve(), 'look')
  outside.stack.onWrite = () => scheduler.schedule(Promise.resolve(), 'write')
  const replies = some.map(async (act, i): Promise<Reply> => {
    await scheduler.schedule(Promise.resolve(), act)
    try {
      const change = await acts[act](cores[i % 2]!, outside)
      return { act, change: change ?? null, refused: null }
    } catch (error) {
      if (error instanceof Refusal) return { act, change: null, refused: error.message }
      throw error
    }
  })
  await scheduler.waitFor(Promise.all(replies))
  const said = await Promise.all(replies)
  Object.assign(outside.people, { onLook: async () => {} })
  Object.assign(outside.stack, { onLook: async () => {}, onWrite: async () => {} })
  for (const { catchUp } of cores) await catchUp.all()
  const events = await cores[0].store.events(1)
  const { change } = await cores[1].store.get(1)
  return { outside, events, change, said }
}

async function twoProcesses(engine: Engine) {
  const place = await engine.empty()
  const outside = createOutside('')
  outside.policy = policyOf([ask([bob, carol, dave], 2)])
  const started = async (name: string) => startCore(outside, name, await place.open(outside.clock))
  return { outside, cores: [await started('first'), await started('second')] as const }
}

/** The states that the log has led through; the last is the change's current state. */
function states(events: readonly AuditEvent[]): Change[] {
  const moves = events.flatMap(({ event }) => changeEvent.safeParse(event).data ?? [])
  const [first, ...rest] = moves
  if (first?.type !== 'proposed') throw new Error('a history begins with a proposal')
  const through = [open(1, first)]
  for (const event of rest) through.push(evolve(through.at(-1)!, event))
  return through
}

const typeOf = (act: Act) =>
  ({ approves: 'approved', rejects: 'rejected', cancels: 'cancelled', amends: 'amended' })[act.split(' ')[1]!]

function expectOneOutcome({ outside, events, change, said }: Awaited<ReturnType<typeof atOnce>>): void {
  const through = states(events)
  expect(through.at(-1)).toEqual(change)
  for (const { act, change: answered, refused } of said) {
    const mine = events.filter(({ event }) => event.type === typeOf(act))
    if (answered) expect(through).toContainEqual(answered)
    if (answered && act !== 'the app catches up') expect(mine.length).toBeGreaterThan(0)
    if (refused)
      expect(events.map(({ event }) => event)).toContainEqual(
        expect.objectContaining({ type: 'refused', why: refused }),
      )
  }
  const [approvals, writes] = [events.filter(({ event }) => event.type === 'approved'), outside.stack.writes()]
  expect(writes).toBe(change.status === 'applied' ? 1 : 0)
  expect(outside.stack.live.get('t1')).toEqual(writes === 1 ? change.after : settings())
  expect(['pending', 'applied', 'rejected', 'cancelled', 'expired']).toContain(change.status)
  if (change.status === 'applied') expect(new Set(approvals.map(({ actor }) => actor)).size).toBe(2)
}

const daveApproves = ({ changes }: Core) => changes.approve(press(dave), '')

describe.each(engines)('on $name', (engine) => {
  test.each(pairs)(
    '%s while %s, in whatever order: one outcome, and both are told the truth',
    async (a, b, outcomes) => {
      await fc.assert(
        fc.asyncProperty(fc.scheduler(), async (scheduler) => {
          const done = await atOnce(scheduler, { engine, some: [a, b], prepare: daveApproves })
          expectOneOutcome(done)
          const [first, second] = done.said.map(({ refused }) => (refused ? 'refused' : 'taken'))
          expect(outcomes).toContain(`${done.change.status}: ${first}, ${second}`)
        }),
        { numRuns: Math.ceil(12 * engine.share) },
      )
    },
  )

  test('three at once, in whatever order, lead to one outcome', async () => {
    const act = fc.constantFrom(...(Object.keys(acts) as Act[]))
    const outcomes = new Map<string, number>()
    await fc.assert(
      fc.asyncProperty(fc.scheduler(), fc.tuple(act, act, act), async (scheduler, three) => {
        const done = await atOnce(scheduler, { engine, some: three, prepare: async () => {} })
        expectOneOutcome(done)
        outcomes.set(done.change.status, (outcomes.get(done.change.status) ?? 0) + 1)
      }),
      { numRuns: 80 * engine.share },
    )
    // So few histories don't end in all of these.
    if (engine.share < 1) return
    for (const status of ['pending', 'applied', 'rejected', 'cancelled', 'expired'])
      expect(outcomes.get(status) ?? 0, status).toBeGreaterThan(0)
  })
})
