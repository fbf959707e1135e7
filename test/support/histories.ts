import fc from 'fast-check'
import * as Applying from '../../src/domain/change/applying.ts'
import { barAskers } from '../../src/domain/change/askers.ts'
import * as Cancelling from '../../src/domain/change/cancelling.ts'
import { askersOf, type Change } from '../../src/domain/change/change.ts'
import * as Deciding from '../../src/domain/change/deciding.ts'
import type { Electorate } from '../../src/domain/change/electorate.ts'
import type { ChangeEvent } from '../../src/domain/change/event.ts'
import * as Looking from '../../src/domain/change/looking.ts'
import type { Lease } from '../../src/domain/change/parts.ts'
import * as Waiting from '../../src/domain/change/reminders.ts'
import * as Revising from '../../src/domain/change/revising.ts'
import { sealOf } from '../../src/domain/change/seal.ts'
import { takeOver } from '../../src/domain/change/take-over.ts'
import type { Answer } from '../../src/domain/change/write.ts'
import { arrivalIn } from '../../src/domain/looks/arrival.ts'
import { mustWaitFor, postpone } from '../../src/domain/looks/same-token.ts'
import { beforeWriting, interrupt, noteAnswer, refuse, settle } from '../../src/domain/looks/settle.ts'
import type { Requirement } from '../../src/domain/policy/policy.ts'
import { Refusal } from '../../src/domain/refusal.ts'
import { rebase } from '../../src/domain/token/rebase.ts'
import type { Store } from '../../src/ports/store.ts'
import type { Clock } from './clock.ts'
import { alice, bob, carol, mallory, proposal, settings } from './world.ts'

const people = [alice, bob, carol, mallory]
const { after, before } = proposal()
const why = 'so it came'

const person = fc.constantFrom(...people, bob, carol)
const id = fc.constantFrom(1, 2)
/** The revision that the person sees: mostly the current one. */
const behind = fc.constantFrom(0, 0, 0, 0, 0, 1, -1)
const name = fc.constantFrom('ci-next', 'ci-other')
const live = fc.constantFrom(before, after, settings({ description: 'edited by hand' }))
const answer = fc.constantFrom<Answer>(
  { kind: 'none', why },
  { kind: 'taken' },
  { kind: 'taken', stored: settings({ name: 'CI-RELEASE' }), editedAt: '2026-06-01T09:00:00.000Z' },
  { kind: 'refused', why },
  { kind: 'busy', why },
  { kind: 'unknown', why },
)
/** Who may decide now, and how many of them must. */
const deciders = fc.record({
  people: fc.subarray(people, { minLength: 2 }),
  quorum: fc.constantFrom(1, 1, 2, 3),
  guests: fc.subarray([bob, carol], { maxLength: 1 }),
  /** People who may no longer ask. */
  leavers: fc.oneof({ weight: 3, arbitrary: fc.constant<string[]>([]) }, { weight: 1, arbitrary: fc.subarray(people) }),
})
type Drawn = typeof deciders extends fc.Arbitrary<infer T> ? T : never
export type Deciders = Omit<Drawn, 'leavers'> & Partial<Pick<Drawn, 'leavers'>>

/**
 * A possible next event: somebody decides, time passes, the deciders change, an apply goes on. Not all of them are
 * allowed.
 */
export const command = fc.oneof(
  { weight: 9, arbitrary: fc.record({ kind: fc.constant('approve' as const), id, person, behind }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('reject' as const), id, person, behind }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('cancel' as const), id, person }) },
  { weight: 3, arbitrary: fc.record({ kind: fc.constant('amend' as const), id, person, behind, name }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('rebase' as const), id, person, behind }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('takeOver' as const), id, person, behind }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('barAskers' as const), id }) },
  {
    weight: 1,
    arbitrary: fc.record({ kind: fc.constantFrom('claim' as const, 'nudge' as const), id, person, behind }),
  },
  { weight: 1, arbitrary: fc.record({ kind: fc.constantFrom('expire' as const, 'remind' as const), id }) },
  {
    weight: 4,
    arbitrary: fc.record({ kind: fc.constant('startApply' as const), id, holder: fc.constantFrom('a', 'b') }),
  },
  { weight: 3, arbitrary: fc.record({ kind: fc.constant('answer' as const), id, answer, stale: fc.boolean() }) },
  {
    weight: 4,
    arbitrary: fc.record({ kind: fc.constantFrom('settle' as const, 'look' as const), id, live, stale: fc.boolean() }),
  },
  { weight: 2, arbitrary: fc.record({ kind: fc.constantFrom('arrive' as const, 'postpone' as const), id, live }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('interrupt' as const), id, stale: fc.boolean() }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('refuse' as const), id, stale: fc.boolean() }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('sendAgain' as const), id }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('note' as const), id, person }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('deciders' as const), deciders }) },
  {
    weight: 2,
    arbitrary: fc.record({
      kind: fc.constant('pass' as const),
      seconds: fc.constantFrom(1, 1, 60, 60, 14_400, 604_800),
    }),
  },
)
export type Command = typeof command extends fc.Arbitrary<infer T> ? T : never

export type History = {
  store: Store
  clock: Clock
  deciders: Deciders
  /** The rule its changes have to meet beside the current deciders'; Bob or Carol unless given. */
  requirement?: Requirement
}

/** Alice proposes changes #1 and #2. */
export async function begin(history: History): Promise<void> {
  for (const id of [1, 2]) await propose(history, id)
}

/** Carries out the command; resolves to the result in short: a status, or the reason it was refused. */
export async function run(history: History, command: Command): Promise<string> {
  try {
    if (command.kind === 'sendAgain') return (await propose(history, command.id)).status
    if (command.kind === 'note') return await note(history, command)
    if (command.kind === 'deciders') history.deciders = command.deciders
    else if (command.kind === 'pass') history.clock.pass(command.seconds)
    else {
      const { change } = await history.store.record(command.id, 'somebody', (stored) =>
        decide(history, stored, command),
      )
      return change.status
    }
    return command.kind
  } catch (error) {
    if (error instanceof Refusal) return error.message
    throw error
  }
}

type Decision = Exclude<Command, { kind: 'sendAgain' | 'note' | 'deciders' | 'pass' }>

function decide(history: History, change: Change, command: Decision): ChangeEvent | null {
  const { clock } = history
  const at = clock.now()
  const electorate = electorateOf(change, history.deciders)
  const until = (seconds: number) => new Date(at.getTime() + seconds * 1000).toISOString()
  const revision = 'behind' in command ? change.revision - command.behind : 0
  const act = { at: clock.iso(), by: 'person' in command ? command.person : '', revision, comment: '', reason: why }
  const { reason, requirement } = change
  const content = { before: change.before, after: change.after, reason, requirement, ...waiting(until) }
  switch (command.kind) {
    case 'approve':
      return Deciding.approve(change, act, electorate)
    case 'reject':
      return Deciding.reject(change, act, electorate)
    case 'cancel':
      return Cancelling.cancel(change, command.person, clock.iso(), change, electorate)
    case 'amend': {
      const revised = { ...content, after: settings({ name: command.name }) }
      return Revising.amend(change, act, revised, {
        now: electorate,
        next: electorate,
      })
    }
    case 'rebase': {
      const before = change.status === 'drifted' ? change.live : change.before
      const revised = { ...content, before, after: rebase(change, before) }
      return Revising.rebase(change, act, revised, electorate)
    }
    case 'takeOver':
      return takeOver(change, act, content, { now: electorate, next: electorate })
    case 'barAskers':
      return barAskers(change, electorate, clock.iso())
    case 'claim':
      return Looking.claim(change, act, electorate)
    case 'nudge':
      return Waiting.nudge(change, act, 60_000)
    case 'expire':
      return Waiting.expire(change, clock.iso())
    case 'remind':
      return Waiting.remind(change, 60_000, clock.iso())
    case 'startApply':
      return Applying.startApply(
        change,
        electorate,
        { holder: command.holder, until: until(30), arrival: until(900) },
        clock.iso(),
      )
    case 'answer': {
      const sent = { answer: command.answer, sentAt: clock.iso(), over: null }
      return noteAnswer(change, { ...sent, lease: leaseOf(change, command.stale), at })
    }
    case 'look':
    case 'settle': {
      const look = { settings: command.live, editedAt: null }
      const seen = { look, lease: leaseOf(change, command.stale), at, recent: [], isOver: isOver(change, clock.iso()) }
      return command.kind === 'look' ? beforeWriting(change, seen) : settle(change, seen)
    }
    case 'arrive':
      return arrivalIn(change, command.live, clock.iso())
    case 'postpone': {
      const wait = mustWaitFor(change, [], clock.iso())
      return wait && postpone(change, wait, clock.iso())
    }
    case 'interrupt':
      return interrupt(change, { why, lease: leaseOf(change, command.stale), at })
    case 'refuse':
      return refuse(change, { why, lease: leaseOf(change, command.stale), at })
  }
}

/** Who may decide on this change now, under the rule it was asked under and today's. */
function electorateOf(change: Change, { people, quorum, guests, leavers = [] }: Deciders): Electorate {
  const barred = Object.fromEntries(guests.map((guest) => [guest, 'guests may not use Countersign']))
  const barredAskers = askersOf(change).flatMap((by) => (leavers.includes(by) ? [{ by, why: 'they left' }] : []))
  const members = (id: string) => (id.startsWith('S') ? people : [id])
  const asked = change.requirement.parties.map((party) => ({ ...party, people: party.from.flatMap(members) }))
  const demands = [
    { rule: change.requirement.rule, parties: asked },
    { rule: 'r', parties: [{ people, quorum }] },
  ]
  return { seal: sealOf(change), demands, barred, confirm: false, barredAskers, forbidden: null }
}

function waiting(until: (seconds: number) => string) {
  return { expiresAt: until(604_800), remindAt: until(14_400) }
}

function leaseOf(change: Change, stale: boolean): Lease {
  return change.status === 'applying' && !stale ? change.lease : { holder: 'somebody else', until: '2026-01-01' }
}

function isOver(change: Change, at: string): boolean {
  return change.status === 'applying' && at >= change.lease.until
}

function propose({ clock, store, requirement }: History, id: number): Promise<Change> {
  const asked = proposal(requirement && { requirement })
  return store.open({ type: 'proposed', at: clock.iso(), ...asked }, alice, `view-${id}`)
}

async function note({ store }: History, { id, person }: { id: number; person: string }): Promise<string> {
  await store.note({ type: 'refused', attempted: 'approve', code: 'not_allowed', why }, person, id)
  return 'noted'
}
