import type { Change } from '../../src/domain/change/change.ts'
import type { Electorate } from '../../src/domain/change/electorate.ts'
import type { ChangeEvent } from '../../src/domain/change/event.ts'
import { evolve, open } from '../../src/domain/change/evolve.ts'
import type { Lease, Proposal } from '../../src/domain/change/parts.ts'
import { sealOf } from '../../src/domain/change/seal.ts'
import type { Answer } from '../../src/domain/change/write.ts'
import type { Settings } from '../../src/domain/token/token.ts'
import { bob, carol, proposal, requirement, settings } from './world.ts'

type Applying = Extract<Change, { status: 'applying' }>
type Approved = Extract<ChangeEvent, { type: 'approved' }>

export const proposedAt = '2026-06-01T09:00:00.000Z'

/** Held by the process called "first", for a minute after the change was proposed. */
export const lease: Lease = { holder: 'first', until: '2026-06-01T09:01:00.000Z' }

/** The parts of a newly proposed change that nobody asked for. */
export const asProposed = {
  revision: 1,
  status: 'pending',
  approvals: [],
  voided: [],
  amenders: [],
  lost: null,
  today: null,
  claimedBy: null,
  nudgedAt: null,
  reminders: 0,
} as const

/** Change #42 after these events. */
export function changeAfter(events: readonly ChangeEvent[], asked: Partial<Proposal> = {}): Change {
  return events.reduce(evolve, open(42, { type: 'proposed', at: proposedAt, ...proposal(asked) }))
}

export function pending(asked: Partial<Proposal> = {}): Change {
  return changeAfter([], asked)
}

/** An approval of the change as it is now. */
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

/** The same, with more approvals to come. */
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

/** Being applied: an update was sent and not answered, and may still arrive until `arrival`. */
export function unanswered(arrival: string, asked: Partial<Proposal> = {}): Applying {
  return answeredWith({ kind: 'none', why: 'timeout' }, { arrival, asked })
}

/** Being applied, with the stack's answer. `over`: when the token was last edited before, as the stack says. */
export function answeredWith(
  answer: Answer,
  { arrival = lease.until, asked = {}, over }: { arrival?: string; asked?: Partial<Proposal>; over?: string } = {},
): Applying {
  const approved = approvedBy([bob], asked)
  const started = {
    type: 'apply_started',
    at: proposedAt,
    lease: { ...lease, arrival },
    seal: sealOf(approved),
  } as const
  const sent = { type: 'write_answered', at: proposedAt, sentAt: proposedAt, answer, ...(over && { over }) } as const
  return [started, sent].reduce<Change>(evolve, approved) as Applying
}

/** The ways in which a change may have ended or stopped while its update may still arrive. */
export function sentAndEnded(arrival: string): [string, Change][] {
  const at = proposedAt
  const sent = unanswered(arrival)
  const interrupted = evolve(sent, { type: 'apply_interrupted', at, why: 'lost', retryAt: at })
  const waiting = evolve(interrupted, { type: 'quorum_lost', at, lost: [], why: 'one more must approve' })
  return [
    ['was cancelled', evolve(interrupted, { type: 'cancelled', at, by: sent.requester })],
    ['expired', evolve(interrupted, { type: 'expired', at })],
    ['was rejected', evolve(waiting, { type: 'rejected', at, by: bob, reason: 'not now' })],
    ['failed', evolve(sent, { type: 'apply_refused', at, why: 'the token is gone' })],
    ['was stopped', evolve(sent, { type: 'drift_found', at, live: sent.before })],
    ['waits for approvals again', waiting],
  ]
}

/**
 * A change that was approved and sent, may still arrive until `arrival`, and has since been edited to ask for `after`.
 */
export function amendedAfterSending(arrival: string, after: Settings): Change {
  const at = proposedAt
  const [, sent] = sentAndEnded(arrival).at(-1)!
  return evolve(sent, { ...sent, type: 'amended', at, by: sent.requester, after, voids: [] })
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

/** `people` and `quorum` decide on this change, unless told otherwise. */
export function electorate(
  of: Change | null,
  changes: Partial<Electorate> = {},
  { people = [bob, carol], quorum = 1 }: { people?: readonly string[]; quorum?: number } = {},
): Electorate {
  const demands = [{ rule: requirement().rule, parties: [{ people, quorum }] }]
  return { seal: of && sealOf(of), demands, barred: {}, confirm: false, barredAskers: [], forbidden: null, ...changes }
}

/** The new content when somebody edits, rebases or takes over a change. */
export const revised = {
  before: settings(),
  after: settings({ name: 'ci-3' }),
  reason: 'It moved',
  requirement: requirement([bob]),
  today: null,
  expiresAt: '2026-06-08T09:00:00.000Z',
  remindAt: '2026-06-01T13:00:00.000Z',
}
