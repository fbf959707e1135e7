import fc from 'fast-check'
import { expect, test } from 'vitest'
import { changeEvent } from '../../src/domain/change/event.ts'
import { evolve, open } from '../../src/domain/change/evolve.ts'
import { Refusal } from '../../src/domain/refusal.ts'
import type { Settings } from '../../src/domain/token/token.ts'
import { type Engine, engines } from '../storage/contract/engines.ts'
import { type Core, createOutside, startCore, typesOf } from '../support/core.ts'
import { createModel, type Kind, type Party, type Rules } from '../support/model.ts'
import {
  alice,
  ask,
  bob,
  carol,
  dave,
  edit,
  gus,
  mallory,
  owners,
  policyOf,
  security,
  settings,
} from '../support/world.ts'

const everybody = [alice, bob, carol, dave, gus, mallory]
const ids = [1, 2]

const asks: Record<Kind, Partial<Settings>> = {
  neutral: { name: 'ci-release' },
  wider: { branches: ['main', 'development', 'feature-x'] },
  narrower: { branches: ['main'] },
}
const kinds = Object.keys(asks) as Kind[]

const party: fc.Arbitrary<Party> = fc.record({
  from: fc.subarray([bob, carol, dave, gus, owners, security], { minLength: 1, maxLength: 3 }),
  quorum: fc.constantFrom(1, 1, 1, 2),
})
const parties = fc.oneof(
  { weight: 1, arbitrary: fc.constant(null) },
  { weight: 4, arbitrary: fc.array(party, { minLength: 1, maxLength: 2 }) },
)
const rules: fc.Arbitrary<Rules> = fc.record({ neutral: parties, wider: parties, narrower: parties })

const id = fc.constantFrom(...ids)
const by = fc.constantFrom(...everybody, bob, carol, dave)
/** The revision that the person sees: mostly the current one, sometimes the one before. */
const behind = fc.constantFrom(0, 0, 0, 0, 0, 1)

const command = fc.oneof(
  { weight: 14, arbitrary: fc.record({ kind: fc.constant('approve' as const), id, by, behind }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('reject' as const), id, by, behind }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('cancel' as const), id, by }) },
  {
    weight: 4,
    arbitrary: fc.record({ kind: fc.constant('amend' as const), id, by, behind, to: fc.constantFrom(...kinds) }),
  },
  {
    weight: 4,
    arbitrary: fc.record({ kind: fc.constant('rebase' as const), id, by: fc.constantFrom(alice, alice, bob), behind }),
  },
  { weight: 3, arbitrary: fc.record({ kind: fc.constant('takeOver' as const), id, by, behind }) },
  { weight: 5, arbitrary: fc.constant({ kind: 'catchUp' as const }) },
  { weight: 2, arbitrary: fc.constant({ kind: 'restart' as const }) },
  { weight: 2, arbitrary: fc.constant({ kind: 'look' as const }) },
  {
    weight: 3,
    arbitrary: fc.record({ kind: fc.constant('byHand' as const), id, description: fc.constantFrom('a', 'b') }),
  },
  { weight: 3, arbitrary: fc.record({ kind: fc.constant('rules' as const), rules }) },
  {
    weight: 2,
    arbitrary: fc.record({
      kind: fc.constant('group' as const),
      group: fc.constantFrom(owners, security),
      people: fc.subarray([alice, bob, carol, dave, gus]),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      kind: fc.constant('guest' as const),
      person: fc.constantFrom(alice, alice, bob, carol, dave, gus),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({ kind: fc.constant('pass' as const), seconds: fc.constantFrom(3600, 345_600, 604_800) }),
  },
)
type Command = typeof command extends fc.Arbitrary<infer T> ? T : never

const lenient: Party[] = [{ from: [owners, bob, dave], quorum: 1 }]
const start: Rules = { neutral: lenient, wider: [{ from: [owners], quorum: 2 }], narrower: lenient }

function policyFrom(rules: Rules) {
  const verdicts = { neutral: 'neutral', wider: 'widens', narrower: 'narrows' } as const
  return policyOf(
    kinds.map((kind) => {
      const parties = rules[kind]
      const rest = parties
        ? { outcome: { kind: 'ask' as const, parties, confirm: false } }
        : { outcome: { kind: 'refuse' as const, because: 'Not now.' } }
      return ask([bob], 1, { name: kind, when: { verdict: [verdicts[kind]] }, ...rest })
    }),
  )
}

/** The real core and the model, side by side. */
async function sideBySide(engine: Engine) {
  const place = await engine.empty()
  const outside = createOutside('')
  const started = async (name: string) => startCore(outside, name, await place.open(outside.clock))
  const model = createModel(start)
  let core: Core = await started('first')
  let starts = 1
  const writes = new Map<string, number>()
  bringInLine()
  for (const [i, kind] of (['neutral', 'wider'] as const).entries()) {
    const before = settings({ description: 'as it was' })
    outside.stack.live.set(`t${i + 1}`, before)
    const asked = edit({ tokenUid: `t${i + 1}`, before, after: { ...before, ...asks[kind] } })
    const change = await core.changes.propose({ ...asked, reason: 'Because' }, `view-${i + 1}`)
    model.propose(change.id, kind, before.description)
  }
  outside.stack.onWrite = witness
  return { model, run, agree, writes, core: () => core }

  /** Gives the real one the model's surroundings. */
  function bringInLine(): void {
    outside.policy = policyFrom(model.rules)
    for (const [group, people] of Object.entries(model.groups)) outside.people.groups.set(group, people)
    outside.people.obstacles.clear()
    for (const guest of model.guests) outside.people.obstacles.set(guest, 'guests may not use Countersign')
  }

  /** Checks every write as it is sent: is it what was approved, over what was shown, and the first of its kind? */
  async function witness(uid: string): Promise<void> {
    const id = Number(uid.slice(1))
    const events = (await core.store.events(id)).map(({ event }) => event)
    const asking = events.findLast(({ type }) => ['proposed', 'amended', 'rebased'].includes(type))
    const started = events.at(-1)
    if (started?.type !== 'apply_started' || !asking || !('before' in asking))
      throw new Error('written without a start')
    const { requester, amenders } = (await core.store.get(id)).change
    for (const asker of [requester, ...amenders]) expect(model.guests).not.toContain(asker)
    expect(asking.before).toEqual(outside.stack.live.get(uid))
    writes.set(started.seal, (writes.get(started.seal) ?? 0) + 1)
  }

  /** Does the same in both. The real one must refuse exactly what the model refuses. */
  async function run(command: Command): Promise<void> {
    if ('behind' in command || command.kind === 'cancel') return expectSame(command)
    if (command.kind === 'look') {
      model.look()
      const tokens = [...outside.stack.live].map(([uid, settings]) => ({ stack: 'website', uid, settings }))
      await core.watch.seen(tokens, outside.clock.iso())
      await core.catchUp.idle()
      model.catchUp()
      await core.catchUp.all()
    } else if (command.kind === 'catchUp') {
      model.catchUp()
      await core.catchUp.all()
    } else if (command.kind === 'restart') {
      await core.store.close()
      core = await started(`start ${++starts}`)
      model.catchUp()
      await core.catchUp.all()
    } else surround(command)
  }

  function surround(
    command: Exclude<Command, { kind: 'look' | 'catchUp' | 'restart' | 'cancel' } | { behind: number }>,
  ): void {
    if (command.kind === 'byHand') editByHand(command)
    if (command.kind === 'rules') model.rules = command.rules
    if (command.kind === 'group') model.groups[command.group] = command.people
    if (command.kind === 'guest' && !model.guests.delete(command.person)) model.guests.add(command.person)
    if (command.kind === 'pass') {
      model.time += command.seconds
      outside.clock.pass(command.seconds)
    }
    bringInLine()
  }

  /** Until the change has ended; a drifted one shows what was found, so it is left alone. */
  function editByHand({ id, description }: { id: number; description: string }): void {
    if (!['pending', 'approved'].includes(model.changes.get(id)!.status)) return
    const uid = `t${id}`
    outside.stack.live.set(uid, { ...outside.stack.live.get(uid)!, description })
    model.live.set(id, description)
  }

  async function expectSame(command: Extract<Command, { behind: number } | { kind: 'cancel' }>): Promise<void> {
    const { id, by } = command
    const { change } = await core.store.get(id)
    const revision = 'behind' in command ? change.revision - command.behind : change.revision
    const press = { id, by, revision }
    const [taken, real] = (() => {
      switch (command.kind) {
        case 'approve':
          return [model.approve(id, by, revision), core.changes.approve(press, '')] as const
        case 'reject':
          return [model.reject(id, by, revision), core.changes.reject(press, 'no')] as const
        case 'cancel':
          return [model.cancel(id, by), core.changes.cancel(id, by)] as const
        case 'amend': {
          const after = { ...change.before, ...asks[command.to] }
          const reason = `revision ${change.revision + 1}`
          return [model.amend(id, by, revision, command.to), core.changes.amend(press, { after, reason })] as const
        }
        case 'takeOver':
          return [model.takeOver(id, by, revision), core.changes.takeOver(press)] as const
        case 'rebase':
          return [model.rebase(id, by, revision), core.changes.rebase(press)] as const
      }
    })()
    const said = await real.then(
      () => 'taken',
      (error: unknown) => (error instanceof Refusal ? error.message : Promise.reject(error)),
    )
    expect(said === 'taken', said).toBe(taken)
  }

  /** Compares the status of every change, and what its log says. */
  async function agree(): Promise<void> {
    for (const id of ids) {
      const { change } = await core.store.get(id)
      const { status, revision, approvers, requester } = model.changes.get(id)!
      const real = {
        requester: change.requester,
        status: change.status,
        revision: change.revision,
        approvers: new Set(change.approvals.map(({ by }) => by)),
      }
      expect(real).toEqual({ requester, status, revision, approvers })
      const [first, ...rest] = (await core.store.events(id)).flatMap(
        ({ event }) => changeEvent.safeParse(event).data ?? [],
      )
      if (first?.type !== 'proposed') throw new Error('a history begins with a proposal')
      expect(rest.reduce(evolve, open(id, first))).toEqual(change)
    }
  }
}

test.each(engines)(
  'whatever people, policies, groups and hands do, the app decides and applies as the plain model does, on $name',
  async (engine) => {
    const seen = new Map<string, number>()
    await fc.assert(
      fc.asyncProperty(fc.array(command, { minLength: 10, maxLength: 30, size: 'max' }), async (commands) => {
        const { agree, core, model, run, writes } = await sideBySide(engine)
        for (const command of commands) {
          await run(command)
          await agree()
        }
        const applied = [...model.changes.values()].filter(({ status }) => status === 'applied')
        expect([...writes.values()]).toEqual(applied.map(() => 1))
        for (const type of await typesOf(core())) seen.set(type, (seen.get(type) ?? 0) + 1)
      }),
      { numRuns: 80 * engine.share },
    )
    // Not all of it comes up in few runs.
    if (engine.share < 1) return
    for (const type of [
      'applied',
      'amended',
      'drift_found',
      'rebased',
      'quorum_lost',
      'askers_barred',
      'taken_over',
      'expired',
      'refused',
    ])
      expect(seen.get(type) ?? 0, type).toBeGreaterThan(0)
  },
)
