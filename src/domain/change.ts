import { z } from 'zod'
import { settings } from './token.ts'

/** An ISO 8601 instant in UTC. */
const instant = z.string()

const proposal = z.object({
  stack: z.string(),
  tokenUid: z.string(),
  requester: z.string(),
  reason: z.string(),
  before: settings,
  after: settings,
})
export type Proposal = Readonly<z.infer<typeof proposal>>

const approval = z.object({ by: z.string(), at: instant, revision: z.number().int() }).readonly()
export type Approval = z.infer<typeof approval>

/** Which process applies, and until when nobody else may judge or repeat it. */
const lease = z.object({ holder: z.string(), until: instant }).readonly()
export type Lease = z.infer<typeof lease>

/** One fact in the life of a change. A change moves only by one of these; each is a row of the audit log. */
export const changeEvent = z.discriminatedUnion('type', [
  proposal.extend({ type: z.literal('proposed'), at: instant }),
  z.object({
    type: z.literal('approved'),
    at: instant,
    by: z.string(),
    revision: z.number().int(),
    quorum: z.boolean(),
  }),
  z.object({ type: z.literal('rejected'), at: instant, by: z.string(), reason: z.string() }),
  z.object({ type: z.literal('cancelled'), at: instant, by: z.string() }),
  /** Approved once, but the people who approved are no longer enough under the policy of now. */
  z.object({ type: z.literal('quorum_lost'), at: instant }),
  z.object({ type: z.literal('apply_started'), at: instant, lease }),
  /** `written`: false when the token already was as asked for, so that nothing had to be written. */
  z.object({ type: z.literal('applied'), at: instant, written: z.boolean() }),
  z.object({ type: z.literal('apply_interrupted'), at: instant, why: z.string(), retryAt: instant }),
  z.object({ type: z.literal('apply_refused'), at: instant, why: z.string() }),
  z.object({ type: z.literal('drift_found'), at: instant, live: settings }),
])
export type ChangeEvent = z.infer<typeof changeEvent>
export type Proposed = Extract<ChangeEvent, { type: 'proposed' }>

const base = proposal.extend({
  id: z.number().int(),
  revision: z.number().int(),
  proposedAt: instant,
  approvals: z.array(approval).readonly(),
})

/** A change request in the state that its events have led to. */
export const change = z.discriminatedUnion('status', [
  base.extend({ status: z.literal('pending') }),
  base.extend({
    status: z.literal('approved'),
    /** How often an apply was interrupted, why the last one was, and when the next try is due. */
    interruptions: z.number().int(),
    interruption: z.object({ why: z.string(), retryAt: instant }).nullable(),
  }),
  base.extend({ status: z.literal('applying'), interruptions: z.number().int(), lease }),
  base.extend({ status: z.literal('applied'), endedAt: instant, written: z.boolean() }),
  base.extend({ status: z.literal('failed'), endedAt: instant, why: z.string() }),
  base.extend({ status: z.literal('drifted'), endedAt: instant, live: settings }),
  base.extend({ status: z.literal('rejected'), endedAt: instant, rejectedBy: z.string(), rejection: z.string() }),
  base.extend({ status: z.literal('cancelled'), endedAt: instant, cancelledBy: z.string() }),
])
export type Change = Readonly<z.infer<typeof change>>
export type Status = Change['status']
export type Ended = Extract<Change, { endedAt: string }>

export const endedStatuses = ['applied', 'failed', 'drifted', 'rejected', 'cancelled'] as const

export function hasEnded(change: Change): change is Ended {
  return 'endedAt' in change
}

export function open(id: number, { type: _, at, ...proposal }: Proposed): Change {
  return { ...proposal, id, revision: 1, proposedAt: at, approvals: [], status: 'pending' }
}

/** The state that `event` leads to. Replaying a change's events from the first gives its stored state. */
export function evolve(change: Change, event: ChangeEvent): Change {
  const base = baseOf(change)
  const interruptions = 'interruptions' in change ? change.interruptions : 0
  switch (event.type) {
    case 'proposed':
      return open(change.id, event)
    case 'approved': {
      const approvals = [...change.approvals, { by: event.by, at: event.at, revision: event.revision }]
      return event.quorum
        ? { ...base, approvals, status: 'approved', interruptions: 0, interruption: null }
        : { ...base, approvals, status: 'pending' }
    }
    case 'quorum_lost':
      return { ...base, status: 'pending' }
    case 'rejected':
      return { ...base, status: 'rejected', endedAt: event.at, rejectedBy: event.by, rejection: event.reason }
    case 'cancelled':
      return { ...base, status: 'cancelled', endedAt: event.at, cancelledBy: event.by }
    case 'apply_started':
      return { ...base, status: 'applying', interruptions, lease: event.lease }
    case 'apply_interrupted':
      return {
        ...base,
        status: 'approved',
        interruptions: interruptions + 1,
        interruption: { why: event.why, retryAt: event.retryAt },
      }
    case 'applied':
      return { ...base, status: 'applied', endedAt: event.at, written: event.written }
    case 'apply_refused':
      return { ...base, status: 'failed', endedAt: event.at, why: event.why }
    case 'drift_found':
      return { ...base, status: 'drifted', endedAt: event.at, live: event.live }
  }
}

function baseOf(change: Change) {
  const { id, revision, proposedAt, approvals, stack, tokenUid, requester, reason, before, after } = change
  return { id, revision, proposedAt, approvals, stack, tokenUid, requester, reason, before, after }
}
