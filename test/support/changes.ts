import { type Change, type ChangeEvent, evolve, type Lease, open, type Proposal } from '../../src/domain/change.ts'
import type { Electorate } from '../../src/domain/electorate.ts'
import { sealOf } from '../../src/domain/seal.ts'
import { bob, carol, proposal, requirement } from './world.ts'

type Applying = Extract<Change, { status: 'applying' }>
type Approved = Extract<ChangeEvent, { type: 'approved' }>

export const proposedAt = '2026-06-01T09:00:00.000Z'

/** Held by the process called "first", for a minute from the time the change was proposed. */
export const lease: Lease = { holder: 'first', until: '2026-06-01T09:01:00.000Z' }

/** Change #42 as its events have led to it. */
export function changeAfter(events: readonly ChangeEvent[], asked: Partial<Proposal> = {}): Change {
  return events.reduce(evolve, open(42, { type: 'proposed', at: proposedAt, ...proposal(asked) }))
}

export function pending(asked: Partial<Proposal> = {}): Change {
  return changeAfter([], asked)
}

/** An approval of what the change is by now. */
export function approval(by: string, of: Change, rest: Partial<Approved> = {}): Approved {
  const { revision } = of
  return { type: 'approved', at: proposedAt, by, revision, seal: sealOf(of), comment: '', quorum: false, ...rest }
}

export function approvedBy(people: readonly string[], asked: Partial<Proposal> = {}): Change {
  const change = pending(asked)
  return changeAfter(
    people.map((by, i) => approval(by, change, { quorum: i === people.length - 1 })),
    asked,
  )
}

/** The same, with more approvals still to come. */
export function halfApprovedBy(people: readonly string[], asked: Partial<Proposal> = {}): Change {
  const change = pending(asked)
  return changeAfter(
    people.map((by) => approval(by, change)),
    asked,
  )
}

export function applying(asked: Partial<Proposal> = {}): Applying {
  const approved = approvedBy([bob], asked)
  const started = evolve(approved, { type: 'apply_started', at: proposedAt, lease, seal: sealOf(approved) })
  if (started.status !== 'applying')
    throw new Error(`expected a change being applied, not one that is ${started.status}`)
  return started
}

/** One change in each status. */
export function inEveryStatus(): Change[] {
  const at = proposedAt
  const started = applying()
  return [
    pending(),
    approvedBy([bob]),
    started,
    evolve(started, { type: 'applied', at, written: true }),
    evolve(started, { type: 'apply_refused', at, why: 'the name is taken' }),
    evolve(started, { type: 'drift_found', at, live: started.before }),
    evolve(pending(), { type: 'rejected', at, by: bob, reason: 'not now' }),
    evolve(pending(), { type: 'cancelled', at, by: started.requester }),
    evolve(pending(), { type: 'expired', at }),
  ]
}

/** Those whom `people` and `quorum` name decide on this change, unless told otherwise. */
export function electorate(
  of: Change | null,
  changes: Partial<Electorate> = {},
  { people = [bob, carol], quorum = 1 }: { people?: readonly string[]; quorum?: number } = {},
): Electorate {
  const demands = [{ rule: requirement().rule, parties: [{ people, quorum }] }]
  return { seal: of && sealOf(of), demands, barred: {}, confirm: false, barredAskers: [], forbidden: null, ...changes }
}
