import { type Change, type ChangeEvent, evolve, type Lease, open, type Proposal } from '../../src/domain/change.ts'
import { bob, proposal } from './world.ts'

type Applying = Extract<Change, { status: 'applying' }>

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

export function approvedBy(people: readonly string[], asked: Partial<Proposal> = {}): Change {
  return changeAfter(
    people.map((by, i) => ({
      type: 'approved',
      at: proposedAt,
      by,
      revision: 1,
      quorum: i === people.length - 1,
    })),
    asked,
  )
}

export function applying(asked: Partial<Proposal> = {}): Applying {
  const started = evolve(approvedBy([bob], asked), { type: 'apply_started', at: proposedAt, lease })
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
  ]
}
