import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { type Change, changeEvent, hasEnded } from '../../src/domain/change.ts'
import { diff } from '../../src/domain/diff.ts'
import { evolve, open } from '../../src/domain/evolve.ts'
import { isInForce } from '../../src/domain/in-force.ts'
import { passOverRefusal } from '../../src/domain/refusal.ts'
import type { Settings } from '../../src/domain/token.ts'
import { writtenBy } from '../../src/domain/write.ts'
import { createLooks } from '../../src/workflow/looks.ts'
import { arrivalSeconds, type Core, createOutside, leaseSeconds, startCore } from '../support/core.ts'
import { createUnkindStack, type Fate, type Kind, type Update, type Version } from '../support/unkind-stack.ts'
import { alice, bob, carol, settings } from '../support/world.ts'

/**
 * Random people, stacks, lags, late writes, hand edits, steps of the clock and kills; and after each: does the app claim more
 * than was seen, has anything unapproved been written, has anything of ours undone something else of ours?
 * `MODEL_RUNS=20000 npm run model` tries more than a few hundred.
 */
const runs = Number(process.env.MODEL_RUNS ?? 200)
const runsInOne = 50
const seed = Number(process.env.SEED ?? 20261128)

const kind: fc.Arbitrary<Kind> = fc.record({
  times: fc.boolean(),
  shows: fc.boolean(),
  text: fc.constantFrom('as sent', 'trimmed', 'lower case'),
  endOfDay: fc.boolean(),
})
const which = fc.nat({ max: 3 })
const fate: fc.Arbitrary<Fate> = fc.oneof(
  { weight: 3, arbitrary: fc.constant<Fate>({ kind: 'takes' }) },
  {
    weight: 8,
    arbitrary: fc
      .constantFrom('silent', 'lost', 'busy', 'refused', 'dies before', 'dies after', 'garbled')
      .map((kind): Fate => ({ kind }) as Fate),
  },
  {
    weight: 4,
    arbitrary: fc
      .integer({ min: 1, max: arrivalSeconds - leaseSeconds })
      .map((seconds): Fate => ({ kind: 'late', seconds })),
  },
  {
    weight: 2,
    arbitrary: fc.constantFrom('name', 'description').map((field): Fate => ({ kind: 'keeps', field }) as Fate),
  },
)
const behind = fc.integer({ min: 1, max: 5 }).map((reads): Fate => ({ kind: 'behind', reads }))
const wanted = fc.constantFrom('name', 'description', 'both', 'spaced', 'loud', 'day')
type Wanted = typeof wanted extends fc.Arbitrary<infer T> ? T : never
const command = fc.oneof(
  { weight: 3, arbitrary: fc.record({ do: fc.constant('ask' as const), wanted }) },
  { weight: 5, arbitrary: fc.record({ do: fc.constant('approve' as const), which }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('cancel' as const), which }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('rebase' as const), which }) },
  { weight: 8, arbitrary: fc.record({ do: fc.constant('catch up' as const), process: fc.nat({ max: 1 }) }) },
  { weight: 3, arbitrary: fc.record({ do: fc.constant('look' as const), process: fc.nat({ max: 1 }) }) },
  {
    weight: 2,
    arbitrary: fc.record({
      do: fc.constant('by hand' as const),
      field: fc.constantFrom('name', 'description', 'back'),
    }),
  },
  {
    weight: 4,
    arbitrary: fc.record({ do: fc.constant('fate' as const), fate: fc.oneof({ weight: 5, arbitrary: fate }, behind) }),
  },
  {
    weight: 4,
    arbitrary: fc.record({
      do: fc.constantFrom('stale' as const, 'short' as const),
      reads: fc.integer({ min: 1, max: 3 }),
    }),
  },
  {
    weight: 6,
    arbitrary: fc.record({
      do: fc.constant('pass' as const),
      seconds: fc.constantFrom(1, 10, leaseSeconds, 300, arrivalSeconds),
    }),
  },
  { weight: 1, arbitrary: fc.constant({ do: 'clock back' as const }) },
)
type Command = typeof command extends fc.Arbitrary<infer T> ? T : never

/** The way from asking to an apply whose lease is over, which chance alone would seldom take. */
const straight: fc.Arbitrary<Command[]> = fc
  .record({ wanted, fate: fc.oneof(fate, behind) })
  .map(({ wanted, fate }) => [
    { do: 'ask', wanted },
    { do: 'approve', which: 0 },
    { do: 'fate', fate },
    { do: 'catch up', process: 0 },
    { do: 'pass', seconds: leaseSeconds },
    { do: 'catch up', process: 1 },
  ])
/** An update that arrives once its change has been cancelled. */
const tooLate: fc.Arbitrary<Command[]> = fc
  .tuple(straight, fc.integer({ min: 70, max: 600 }))
  .map(([commands, seconds]) => [
    ...commands.map((one): Command => (one.do === 'fate' ? { do: 'fate', fate: { kind: 'late', seconds } } : one)),
    { do: 'cancel', which: 0 },
    { do: 'pass', seconds: 300 },
    { do: 'pass', seconds: 300 },
    { do: 'look', process: 0 },
  ])
const part = fc.oneof({ weight: 12, arbitrary: fc.tuple(command) }, { weight: 2, arbitrary: straight }, tooLate)

async function world(kind: Kind) {
  const outside = createOutside()
  const { chat, clock } = outside
  let ahead = 0
  outside.clock = {
    ...clock,
    now: () => new Date(clock.now().getTime() + ahead),
    iso: () => new Date(clock.now().getTime() + ahead).toISOString(),
  }
  const initial = settings()
  let values = 0
  const checked = new Map<number, number>()
  let death = Promise.withResolvers<never>()
  let starts = 0
  const stack = createUnkindStack(initial, { kind, changeOf, die, onLanding })
  outside.stack = { ...outside.stack, api: stack.api }
  const processes = [start(), start()]
  return { act, check, chat, stack, store: () => processes[0]!.core.store, events, setRight }

  /** As somebody does in the end: until then, what waits for an instant may wait for as long as the clock was set back. */
  function setRight(): void {
    ahead = 0
  }

  function start() {
    const core = startCore(outside, `process ${++starts}`)
    const stacks = new Map([['website', stack.api]])
    return { core, looks: createLooks({ store: core.store, stacks, now: outside.clock.now, onLook: core.watch.seen }) }
  }

  /** The write never comes back, and neither does any process: others start in their place. */
  function die(): Promise<never> {
    processes.splice(0, 2, start(), start())
    death.reject(new Error('killed'))
    return new Promise(() => {})
  }

  /** Nothing is written but what was approved, under its own start. */
  async function changeOf(tokenUid: string): Promise<number> {
    const { store } = processes[0]!.core
    const applying = (await store.openChanges({ stack: 'website', tokenUid })).filter(
      ({ change }) => change.status === 'applying',
    )
    expect(applying).toHaveLength(1)
    const { change } = applying[0]!
    expect(change.approvals.some(({ by, revision }) => by !== change.requester && revision === change.revision)).toBe(
      true,
    )
    return change.id
  }

  /** What another change of ours has made of a field is undone only by a change whose requester had that before them. */
  function onLanding({ change, over }: Update, now: Version, next: Settings): void {
    for (const { key } of diff(now.settings, next)) {
      const by = lastWriterOf(key as keyof Settings)
      const seen = same(over, now.settings, key)
      if (typeof by === 'number' && by !== change && !seen) throw new Error(`#${change} undoes ${key} of #${by}`)
    }
  }

  function lastWriterOf(key: keyof Settings): Version['by'] {
    const { versions } = stack
    const last = versions.at(-1)!
    const since = versions.findLastIndex(({ settings }) => !same(settings, last.settings, key))
    return versions[since + 1]!.by
  }

  async function act(command: Command): Promise<void> {
    const [{ core }] = processes as [ReturnType<typeof start>]
    switch (command.do) {
      case 'ask':
        return ask(command.wanted)
      case 'approve':
      case 'cancel':
      case 'rebase':
        return decide(command).catch(passOverRefusal)
      case 'catch up':
        return untilDeath(processes[command.process]!.core.catchUp)
      case 'look':
        await processes[command.process]!.looks.refreshAll()
        return core.catchUp.idle()
      case 'by hand':
        return byHand(command.field)
      case 'fate':
        return void stack.fates.push(command.fate)
      case 'stale':
      case 'short':
        // Where no times are told, a look from before somebody's edit can't be told from one after it.
        if (command.do === 'short' || kind.times) stack[command.do] = command.reads
        return
      case 'pass':
        clock.pass(command.seconds)
        return stack.pass(command.seconds)
      case 'clock back':
        ahead -= 3600_000
    }
  }

  async function untilDeath({ all, idle }: Core['catchUp']): Promise<void> {
    death = Promise.withResolvers<never>()
    await Promise.race([all().then(idle), death.promise]).catch((error: Error) => {
      if (error.message !== 'killed') throw error
    })
    death.promise.catch(() => {})
  }

  async function ask(wanted: Wanted): Promise<void> {
    const { core, looks } = processes[0]!
    if ((await core.store.openChanges()).length >= 3) return
    const { settings: before } = await looks.token('website', 't1')
    const value = `asked ${++values}`
    const name = wanted === 'spaced' ? ` ${value} ` : wanted === 'loud' ? value.toUpperCase() : value
    const after = {
      ...before,
      ...(!['description', 'day'].includes(wanted) && { name }),
      ...(wanted === 'day' && { expiresOn: `${2030 + values}-01-01` }),
      ...(['description', 'both'].includes(wanted) && { description: value }),
    }
    const edit = { stack: 'website', tokenUid: 't1', requester: alice, before, after }
    await core.changes.propose(edit, 'Because', `view-${value}`).catch(passOverRefusal)
  }

  async function decide({ do: what, which }: { do: 'approve' | 'cancel' | 'rebase'; which: number }): Promise<void> {
    const { store, changes } = processes[0]!.core
    const found = (await store.openChanges()).at(which)
    if (!found) return
    const { id, revision } = found.change
    if (what === 'approve') await changes.approve({ id, by: which % 2 ? bob : carol, revision }, '')
    else if (what === 'cancel') await changes.cancel(id, alice)
    else await changes.rebase({ id, by: alice, revision })
  }

  function byHand(field: string): void {
    const earlier = stack.versions.at(-2)?.settings
    if (field === 'back' && earlier) stack.byHand(earlier)
    else stack.byHand({ [field === 'description' ? field : 'name']: `hand ${++values}` })
  }

  async function events() {
    return processes[0]!.core.store.events()
  }

  /** What the app says now is no more than was so. */
  async function check(): Promise<void> {
    const { store } = processes[0]!.core
    for (const { change, seq } of await store.changes({ most: 50 })) {
      claimsNoMore(change, stack)
      if (checked.get(change.id) === seq) continue
      expect(await replayed(store, change.id)).toEqual(change)
      checked.set(change.id, seq)
    }
  }
}

function same(one: Settings, other: Settings, key: string): boolean {
  return !diff(one, other).some((field) => field.key === key)
}

function claimsNoMore(
  change: Change,
  { updates, versions }: { updates: readonly Update[]; versions: readonly Version[] },
): void {
  const mine = updates.filter((update) => update.change === change.id)
  const landed = mine.filter(({ state }) => state === 'landed')
  const said = writtenBy(change)
  const where = `#${change.id} ${change.status}: ${JSON.stringify(said)}`
  // Nothing was written: none has landed, and none is on its way.
  if (said.kind === 'nothing' && change.status !== 'applying')
    expect(
      mine.filter(({ state }) => state !== 'lost'),
      where,
    ).toEqual([])
  if (said.kind === 'taken') expect(landed.length, where).toBeGreaterThan(0)
  // Somebody found on the token what was asked for.
  if (said.kind === 'seen')
    expect(
      versions.some(({ settings }) => mine.some(({ after, over }) => isInForce({ before: over, after }, settings))) ||
        landed.length > 0,
      where,
    ).toBe(true)
  if (change.status === 'applied' && change.written)
    expect(landed.length > 0 || versions.some(({ settings }) => isInForce(change, settings)), where).toBe(true)
  if (change.status === 'applied' && !change.written) expect(landed, where).toEqual([])
  // The stack kept an old value: of an update of this change that landed, or that it said it took.
  if (change.status === 'failed' && /kept the old value/.test(change.why))
    expect(landed.length, where).toBeGreaterThan(0)
  if (change.status === 'failed' && change.why === 'refused')
    expect(said.kind === 'nothing' ? landed : [], where).toEqual([])
}

async function replayed(store: Core['store'], id: number): Promise<Change> {
  const [first, ...rest] = (await store.events(id)).flatMap(({ event }) => changeEvent.safeParse(event).data ?? [])
  if (first?.type !== 'proposed') throw new Error('a history begins with a proposal')
  return rest.reduce(evolve, open(id, first))
}

/** What nobody did by hand is no edit made elsewhere. */
async function noFalseEdits(all: Awaited<ReturnType<typeof world>>): Promise<void> {
  const { versions } = all.stack
  for (const { event } of await all.events()) {
    if (event.type !== 'outside_edit') continue
    for (const { key, after } of diff(event.before, event.after)) {
      const isOurs = key === 'expiresOn' || /^ *asked/i.test(after)
      const byHand = versions.some(({ by, settings }) => by === 'hand' && same(settings, event.after, key))
      expect(!isOurs || byHand, `${key} became "${after}"`).toBe(true)
    }
  }
}

const calm: Command[] = Array.from({ length: 6 }).flatMap(() => [
  { do: 'pass' as const, seconds: arrivalSeconds },
  { do: 'look' as const, process: 0 },
  { do: 'catch up' as const, process: 0 },
])

describe(`from the seed ${seed}`, () => {
  const chunks = Array.from({ length: Math.ceil(runs / runsInOne) }, (_, i) => seed + i)
  const seen = new Map<string, number>()

  test.each(chunks)(
    'whatever people, hands, a lagging stack, kills and the clock do, the app claims no more than was seen (%i)',
    async (seed) => {
      const commands = fc.array(part, { minLength: 8, maxLength: 24, size: 'max' }).map((parts) => parts.flat())
      await fc.assert(
        fc.asyncProperty(kind, commands, async (kind, commands) => {
          const all = await world(kind)
          for (const command of commands) {
            await all.act(command)
            await all.check()
          }
          Object.assign(all.stack, { fates: [], stale: 0, short: 0 })
          all.setRight()
          for (const command of calm) await all.act(command)
          await all.check()
          await noFalseEdits(all)
          for (const { change, card, seq } of await all.store().changes({ most: 50 })) {
            expect(
              hasEnded(change) || change.status === 'drifted' || change.status === 'pending',
              `#${change.id} ${change.status}`,
            ).toBe(true)
            expect(card?.seq).toBe(seq)
          }
          for (const { event } of await all.events()) seen.set(event.type, (seen.get(event.type) ?? 0) + 1)
        }),
        { numRuns: Math.min(runs, runsInOne), seed },
      )
    },
  )

  test('all of it has come to pass', () => {
    const types = [
      'applied',
      'drift_found',
      'rebased',
      'cancelled',
      'apply_unseen',
      'apply_postponed',
      'write_arrived',
      'outside_edit',
    ]
    for (const type of types) expect(seen.get(type) ?? 0, type).toBeGreaterThan(0)
  })
})
