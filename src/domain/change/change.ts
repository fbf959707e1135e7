import { z } from 'zod'
import { ruling } from '../policy/policy.ts'
import { settings } from '../token/token.ts'
import type { Approval } from './parts.ts'
import { approval, changes, instant, lease, looking, lost, movers, proposal, tells, turnedDown } from './parts.ts'
import { answer, sends } from './write.ts'

const takeover = z
  .object({ by: z.string(), at: instant, from: z.array(z.string()).readonly(), requester: z.string() })
  .readonly()

const base = proposal.extend({
  id: z.number().int(),
  revision: z.number().int(),
  proposedAt: instant,
  /** When its current request was made. Changes kept by the first release don't say: for them, long ago. */
  revisedAt: instant.default(''),
  /** When the token was seen as in `before`, if that was earlier. */
  shownAt: instant.optional(),
  approvals: z.array(approval).readonly(),
  /** People who approved an earlier revision, which no longer counts. */
  voided: z.array(z.string()).readonly(),
  /**
   * When a backup was put back after this change was asked for: earlier decisions on it are unknown. It stays until the
   * change ends, over edits, rebases and take-overs, none of which reveals them.
   */
  putBackAt: instant.optional(),
  /** Others who had a hand in what it asks for. */
  amenders: z.array(z.string()).readonly(),
  /** Approvals of this revision that were found void; `why` it was approved once and no longer is, if it was. */
  lost: z
    .object({ approvals: z.array(lost).readonly(), why: z.string().nullable() })
    .readonly()
    .nullable(),
  /** The current policy's demand on top of the rule it was asked under; null if none. */
  today: ruling.nullable().default(null),
  /** The askers who may no longer ask, and why; missing if all may. */
  barredAskers: z.array(lost).readonly().optional(),
  /** Who asks for it instead of whom (`from`), and the requester until then; oldest first. */
  takenOver: z.array(takeover).readonly().optional(),
  /** Who gave the reason, if that is not evident: see `reasonAuthor`. */
  reasonBy: z.string().optional(),
  /** The last revision that other askers are told about, and whose it is. */
  edited: z.object({ revision: z.number().int(), by: z.string(), tells }).readonly().optional(),
  /** The last revision that was rebased, and over what. */
  rebased: z
    .object({ revision: z.number().int(), by: z.string(), at: instant, over: movers.readonly() })
    .readonly()
    .optional(),
  /** The reason its stack can't be asked; missing, or null, if it can. */
  setAside: z.string().nullable().optional(),
  /** The last of those who said that they are looking at it. */
  claimedBy: z.string().nullable(),
  /** All of them, if that is known: see `lookingAt`. */
  looking: z.array(looking).readonly().optional(),
  nudgedAt: instant.nullable(),
  reminders: z.number().int(),
  /** Updates that were sent for it, for any revision. */
  sends,
})

/** A change request in the state that its events have led to. */
export const change = z.discriminatedUnion('status', [
  base.extend({ status: z.literal('pending') }),
  base.extend({
    status: z.literal('approved'),
    /** How often an apply was interrupted, why the last one was, and when the next try is due, or with which key. */
    interruptions: z.number().int(),
    interruption: z.object({ why: z.string(), retryAt: instant, untilKey: z.string().optional() }).nullable(),
  }),
  base.extend({
    status: z.literal('applying'),
    interruptions: z.number().int(),
    lease,
    /** When it began; missing if an earlier release began it. */
    startedAt: instant.optional(),
    /** The stack's answer; missing before there was one. */
    write: z.object({ sentAt: instant, answer, over: z.string().optional() }).readonly().optional(),
    /** The reason the outcome is unknown, and when the token is looked at again. */
    unseen: z.object({ why: z.string(), lookAt: instant }).readonly().optional(),
  }),
  /** Waits for somebody to rebase or cancel it. */
  base.extend({
    status: z.literal('drifted'),
    driftedAt: instant,
    live: settings,
    by: changes.optional(),
    unproven: changes.optional(),
    elsewhere: z.boolean().optional(),
    perhaps: changes.optional(),
    undated: z.literal(true).optional(),
  }),
  base.extend({
    status: z.literal('applied'),
    endedAt: instant,
    written: z.boolean(),
    stored: settings.optional(),
    live: settings.optional(),
    turnedDown,
  }),
  base.extend({ status: z.literal('failed'), endedAt: instant, why: z.string() }),
  base.extend({ status: z.literal('rejected'), endedAt: instant, rejectedBy: z.string(), rejection: z.string() }),
  base.extend({
    status: z.literal('cancelled'),
    endedAt: instant,
    cancelledBy: z.string(),
    /** The reason, if an operator gives one. */
    cancellation: z.string().optional(),
  }),
  base.extend({ status: z.literal('expired'), endedAt: instant }),
])
export type Change = Readonly<z.infer<typeof change>> & {
  /**
   * Only on a change as it is shown, never stored: those who could take it over so that it could still be approved;
   * missing if everybody could whom its rules name, or if that is not known.
   */
  readonly heirs?: readonly string[]
  /** Likewise: too few people are left who could approve it, by who is in the user groups that its rules name. */
  readonly tooFew?: true
  /** Likewise: for each party of the rules it waits under, those among the approvers who are in it. */
  readonly seated?: readonly (readonly (readonly string[])[])[]
  /** Likewise: another process had begun to apply it before the one that shows it started. */
  readonly cutOff?: true
  /** Likewise: when it is shown, if its token has expired by then. */
  readonly asOf?: string
  /** Likewise: it has no known card. `why`: Slack's last refusal, as a clause; `isInDoubt`: there may be one. */
  readonly cardless?: { readonly why: string | null; readonly isInDoubt: boolean }
}
export type Ended = Extract<Change, { endedAt: string }>
export type Base = Readonly<z.infer<typeof base>>

/** The fields that a change has in every status. */
export const keysOfBase = base.keyof().options

export const endedStatuses = ['applied', 'failed', 'rejected', 'cancelled', 'expired'] as const
export const openStatuses = ['pending', 'approved', 'applying', 'drifted'] as const
export type OpenStatus = (typeof openStatuses)[number]

/** Neither ended nor stopped. */
export function isOnItsWay({ status }: Change): boolean {
  return status === 'pending' || status === 'approved' || status === 'applying'
}

export function hasEnded(change: Change): change is Ended {
  return 'endedAt' in change
}

/** The reason an open change can't be decided or applied at present, as a clause about its stack; null if it can. */
export function asideBecause(change: Change): string | null {
  return hasEnded(change) ? null : (change.setAside ?? null)
}

export type Asking = Pick<Base, 'requester' | 'amenders' | 'takenOver'>

/** Everybody who asks for what the change asks for now: each of them must be allowed to ask. */
export function askersOf({ requester, amenders }: Pick<Base, 'requester' | 'amenders'>): string[] {
  return [requester, ...amenders]
}

/** Everybody who ever had a hand in what the change asks for: none of them may decide on it. */
export function requestersOf(change: Asking): string[] {
  return [...askersOf(change), ...(change.takenOver ?? []).flatMap(({ from }) => from)]
}

/** The askers besides the requester, once `by` asks too. */
export function amendersWith(change: Pick<Base, 'requester' | 'amenders'>, by: string): readonly string[] {
  return askersOf(change).includes(by) ? change.amenders : [...change.amenders, by]
}

/**
 * True if an approver has to type the token's name, as far as the policy tells without looking up who asks: under the
 * rule it was asked under, or under a later finding. The electorate's `confirm` decides.
 */
export function asksForName({ requirement, today }: Pick<Base, 'requirement' | 'today'>): boolean {
  return requirement.confirm || (today !== null && 'confirm' in today && today.confirm)
}

/**
 * True if the token's name was typed for this approval. If the rule that it is sealed with asks for the name, there is
 * no approval without it.
 */
export function isConfirmed({ requirement }: Pick<Base, 'requirement'>, { confirmed }: Approval): boolean {
  return confirmed === true || requirement.confirm
}
