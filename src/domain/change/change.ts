import { z } from 'zod'
import { requirement, ruling } from '../policy/policy.ts'
import { settings } from '../token/token.ts'
import { pressed } from './pressed.ts'
import { reverts } from './reverts.ts'
import { answer, sends } from './write.ts'

/** An ISO 8601 instant in UTC. */
const instant = z.string()

const proposal = z.object({
  /** What the log calls the stack: see `known-stacks.ts`. */
  stack: z.string(),
  /** Which stack that is, whatever it is called; changes from before this was kept don't say. */
  stackKey: z.string().optional(),
  tokenUid: z.string(),
  requester: z.string(),
  /** The operator who typed it in for the requester at a terminal; not there when they asked for it in Slack. */
  enteredBy: z.string().optional(),
  reason: z.string(),
  /** What it was asked for to undo; null for any other change, and for those from before this was kept. */
  reverts: reverts.nullable().default(null),
  before: settings,
  after: settings,
  /** The rule it met when it was asked for, with who must agree. */
  requirement,
  expiresAt: instant,
  remindAt: instant,
})
export type Proposal = Readonly<z.infer<typeof proposal>>

const approval = z
  .object({
    by: z.string(),
    at: instant,
    revision: z.number().int(),
    seal: z.string(),
    comment: z.string(),
    /** They typed the token's name. Not there when they did not, and in entries from before it was kept. */
    confirmed: z.literal(true).optional(),
  })
  .readonly()
export type Approval = z.infer<typeof approval>

/**
 * Which process applies, and until when nobody else may judge or repeat it. `arrival`: until when what is sent under it may still
 * arrive; leases of the first releases don't say.
 */
const lease = z.object({ holder: z.string(), until: instant, arrival: instant.optional() }).readonly()
export type Lease = z.infer<typeof lease>

/** Somebody who may no longer do what they did, and why: whose approval does not count, or who may not ask any more. */
const lost = z.object({ by: z.string(), why: z.string() }).readonly()
export type Lost = z.infer<typeof lost>

/** A new revision: approvals of the one before count no more. */
const revised = proposal
  .pick({ before: true, after: true, reason: true, requirement: true, expiresAt: true, remindAt: true })
  /** What has to be met besides, since another rule fits somebody else who asks for it; not there when none does. */
  .extend({
    today: ruling.nullish(),
    /** Who gave the reason; not there where nobody can tell any more, and in entries from before it was kept. */
    reasonBy: z.string().optional(),
    /** When the token was seen as `before` has it, where that was before this revision. */
    shownAt: instant.optional(),
    /** As the change had it; not there where it had none, and in entries from before it was kept. */
    putBackAt: instant.optional(),
  })

/** Those whose approvals count no more with a new revision. Entries of the first release don't say. */
const voids = z.array(z.string()).readonly().default([])

/** Those who asked for it before, besides whoever asks for something else now: they are told what is different. */
const tells = z.array(z.string()).readonly()

/** Until when an update is looked for that the stack said it took, and that no look has shown in time. */
const watchUntil = instant.optional()

/** The update that the stack said no to, or that is not known to have left, though the token was found as asked for. `why`: a clause. */
const turnedDown = z.object({ sentAt: instant, why: z.string() }).optional()

/** By their numbers. */
const changes = z.array(z.number().int()).readonly()

/** Whose doing it was that the token moved, see `drift_found`. */
const movers = z.object({
  by: changes.optional(),
  unproven: changes.optional(),
  elsewhere: z.boolean().optional(),
  perhaps: changes.optional(),
  undated: z.literal(true).optional(),
})

/** Not there for what was decided at a terminal, and in entries from before it was kept. */
const evidence = { pressed: pressed.optional() }

/** One fact in the life of a change. A change moves only by one of these; each is a row of the audit log. */
export const changeEvent = z.discriminatedUnion('type', [
  /** `origin`: where it came from, which opens no second change; not there in entries from before it was kept. */
  proposal.extend({ type: z.literal('proposed'), at: instant, origin: z.string().optional() }),
  /** `lost`: approvals from before that were found not to count when this one was added; not there when nothing was. */
  approval.unwrap().extend({
    type: z.literal('approved'),
    quorum: z.boolean(),
    lost: z.array(lost).readonly().optional(),
    ...evidence,
  }),
  z.object({ type: z.literal('rejected'), at: instant, by: z.string(), reason: z.string(), ...evidence }),
  z.object({ type: z.literal('cancelled'), at: instant, by: z.string(), reason: z.string().optional(), ...evidence }),
  z.object({ type: z.literal('expired'), at: instant }),
  /** Edited while it was open. Whoever amends a change counts as its requester too. */
  revised.extend({ type: z.literal('amended'), at: instant, by: z.string(), voids, tells: tells.optional() }),
  /** The same edit, over the token as it was found to be. `over`: whose doing that was; entries from before it was kept don't say. */
  revised.extend({
    type: z.literal('rebased'),
    at: instant,
    by: z.string(),
    voids,
    over: movers.readonly().optional(),
    ...evidence,
  }),
  z.object({ type: z.literal('claimed'), at: instant, by: z.string(), ...evidence }),
  z.object({ type: z.literal('reminded'), at: instant, remindAt: instant }),
  z.object({ type: z.literal('nudged'), at: instant, by: z.string(), ...evidence }),
  /** Approved once, but those who approved are no longer enough: some may not decide any more, or more must agree now. */
  z.object({ type: z.literal('quorum_lost'), at: instant, lost: z.array(lost).readonly(), why: z.string() }),
  /** Who of those who ask for it may no longer do so: while there is anybody, it waits to be taken over. Empty when all may again. */
  z.object({ type: z.literal('askers_barred'), at: instant, barred: z.array(lost).readonly() }),
  /** The same edit, asked for by somebody else from now on, instead of those who may no longer ask (`from`). */
  revised.extend({
    type: z.literal('taken_over'),
    at: instant,
    by: z.string(),
    from: z.array(z.string()).readonly(),
    voids,
    tells,
    ...evidence,
  }),
  /** The policy is another than it was asked under. `today`: what that asks for, null when it is the same again. */
  z.object({ type: z.literal('ruled_anew'), at: instant, today: ruling.nullable() }),
  /** A backup of the database was put back, by an operator who said so: approvals from before (`voids`: whose) no longer count. */
  z.object({
    type: z.literal('put_back'),
    at: instant,
    by: z.string(),
    voids: z.array(z.string()).readonly(),
  }),
  /** Its stack is not among those that are configured: `why`, as a clause; null when it is again. */
  z.object({ type: z.literal('set_aside'), at: instant, why: z.string().nullable() }),
  z.object({ type: z.literal('apply_started'), at: instant, lease, seal: z.string() }),
  /**
   * What the stack answered to the update sent at `sentAt`, as it came. `over`: when the token had been edited last, as the
   * stack said it in the look that the update was made from. An apply without this entry sent nothing, unless its process
   * ended or could not write: then whoever else judges it writes down that no answer is known.
   */
  z.object({
    type: z.literal('write_answered'),
    at: instant,
    sentAt: instant,
    answer,
    over: z.string().optional(),
  }),
  /** Nothing that was seen so far tells what became of the update; the next look is due at `lookAt`. */
  z.object({ type: z.literal('apply_unseen'), at: instant, why: z.string(), lookAt: instant }),
  /**
   * `written`: false when the token was as asked for, and no update of this change is known that may have made it so. `stored`: what the stack made
   * of what was asked for, where that differs; `live`: the token as it was found then, where somebody had moved it further.
   * `sentAt`: the update that a look has found, of those that were sent; null when it has found none.
   */
  z.object({
    type: z.literal('applied'),
    at: instant,
    written: z.boolean(),
    stored: settings.optional(),
    live: settings.optional(),
    sentAt: instant.nullable().optional(),
    watchUntil,
    turnedDown,
  }),
  z.object({
    type: z.literal('apply_interrupted'),
    at: instant,
    why: z.string(),
    retryAt: instant,
    /** The id of the key that the app has to be started with first. */
    untilKey: z.string().optional(),
  }),
  /** Not even begun: the token is waited for. */
  z.object({ type: z.literal('apply_postponed'), at: instant, why: z.string(), retryAt: instant }),
  z.object({ type: z.literal('apply_refused'), at: instant, why: z.string(), watchUntil }),
  /**
   * `by`: the changes that moved the token since, this one too where what moved it was asked for by an earlier revision;
   * `unproven`: those of them whose update no answer told of, so that somebody may have made the same edit; `elsewhere`: whether
   * it was moved besides; `perhaps`: those of which an update may have done that, this one too; `undated`: the stack did not say when the token was edited last, so that the look may have shown it as
   * it was earlier.
   */
  z.object({
    type: z.literal('drift_found'),
    at: instant,
    live: settings,
    ...movers.shape,
    watchUntil,
  }),
  /** A look found on the token what an update of this change asked for, which nobody knew to have arrived. */
  z.object({ type: z.literal('write_arrived'), at: instant, sentAt: instant }),
])
export type ChangeEvent = z.infer<typeof changeEvent>
export type Proposed = Extract<ChangeEvent, { type: 'proposed' }>
export type Revised = z.infer<typeof revised>

const takeover = z
  .object({ by: z.string(), at: instant, from: z.array(z.string()).readonly(), requester: z.string() })
  .readonly()

const base = proposal.extend({
  id: z.number().int(),
  revision: z.number().int(),
  proposedAt: instant,
  /** When it came to ask for what it asks for now. Changes kept by the first release don't say: for them, long ago. */
  revisedAt: instant.default(''),
  /** When the token was seen as `before` has it, where that was earlier. */
  shownAt: instant.optional(),
  approvals: z.array(approval).readonly(),
  /** People who approved an earlier revision, which no longer counts. */
  voided: z.array(z.string()).readonly(),
  /**
   * When a backup was put back, since this change was asked for: what was decided on it before that is not known. It stays until
   * the change ends, over edits, rebases and take-overs, none of which tells what that was.
   */
  putBackAt: instant.optional(),
  /** Others who had a hand in what it asks for. */
  amenders: z.array(z.string()).readonly(),
  /** Approvals of this revision that were found not to count any more; `why` it was approved once and is no longer, if it was. */
  lost: z
    .object({ approvals: z.array(lost).readonly(), why: z.string().nullable() })
    .readonly()
    .nullable(),
  /** What the current policy asks for besides the rule it was asked under, to be met as well; null when nothing. */
  today: ruling.nullable().default(null),
  /** Who of those who ask for it may not ask any more, and why; not there when all may. */
  barredAskers: z.array(lost).readonly().optional(),
  /** Who asks for it instead of whom (`from`), and who had asked for it until then, the first time first. */
  takenOver: z.array(takeover).readonly().optional(),
  /** Who gave the reason, when that is not evident: see `reasonAuthor`. */
  reasonBy: z.string().optional(),
  /** The last revision that others who ask for it are told of, and whose it is. */
  edited: z.object({ revision: z.number().int(), by: z.string(), tells }).readonly().optional(),
  /** The last revision that was rebased, and over what. */
  rebased: z
    .object({ revision: z.number().int(), by: z.string(), at: instant, over: movers.readonly() })
    .readonly()
    .optional(),
  /** Why its stack can't be asked; not there, or null, when it can. */
  setAside: z.string().nullable().optional(),
  /** Who said that they are looking at it. */
  claimedBy: z.string().nullable(),
  nudgedAt: instant.nullable(),
  reminders: z.number().int(),
  /** Updates that were sent for it, of whatever revision. */
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
    /** When it began; not there for what an earlier release began. */
    startedAt: instant.optional(),
    /** What the stack answered; not there before it did. */
    write: z.object({ sentAt: instant, answer, over: z.string().optional() }).readonly().optional(),
    /** Why nothing that was seen tells what became of it, and when it is looked at again. */
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
    /** Why, when an operator says so. */
    cancellation: z.string().optional(),
  }),
  base.extend({ status: z.literal('expired'), endedAt: instant }),
])
export type Change = Readonly<z.infer<typeof change>> & {
  /** Only of one as it is shown, and never stored: nobody could take it over so that it could still be approved. */
  readonly heirless?: true
  /** Likewise: too few people are left who could approve it, by who is in the user groups that its rules name. */
  readonly tooFew?: true
  /** Likewise: another process had begun to apply it before the one that shows it started. */
  readonly cutOff?: true
  /** Likewise: it has no card that is known of. `why`: what Slack said to the last try, as a clause; `isInDoubt`: one may stand all the same. */
  readonly cardless?: { readonly why: string | null; readonly isInDoubt: boolean }
}
export type Ended = Extract<Change, { endedAt: string }>
export type Base = Readonly<z.infer<typeof base>>

/** What a change has in every status. */
export const keysOfBase = base.keyof().options

export const endedStatuses = ['applied', 'failed', 'rejected', 'cancelled', 'expired'] as const
export const openStatuses = ['pending', 'approved', 'applying', 'drifted'] as const

/** Neither ended nor stopped. */
export function isOnItsWay({ status }: Change): boolean {
  return status === 'pending' || status === 'approved' || status === 'applying'
}

export function hasEnded(change: Change): change is Ended {
  return 'endedAt' in change
}

/** Why an open change can't be decided or applied at present, as a clause that says what is with its stack; null when it can. */
export function asideBecause(change: Change): string | null {
  return hasEnded(change) ? null : (change.setAside ?? null)
}

export type Asking = Pick<Base, 'requester' | 'amenders' | 'takenOver'>

/** Everybody who asks for what the change asks for now: each of them has to be somebody who may. */
export function askersOf({ requester, amenders }: Pick<Base, 'requester' | 'amenders'>): string[] {
  return [requester, ...amenders]
}

/** Everybody who ever had a hand in what the change asks for: none of them may decide on it. */
export function requestersOf(change: Asking): string[] {
  return [...askersOf(change), ...(change.takenOver ?? []).flatMap(({ from }) => from)]
}

/** Those who ask for it besides the requester, once `by` does too. */
export function amendersWith(change: Pick<Base, 'requester' | 'amenders'>, by: string): readonly string[] {
  return askersOf(change).includes(by) ? change.amenders : [...change.amenders, by]
}

/**
 * Whether an approver has to type the token's name, as far as is known of the policy without looking up who asks: under the
 * rule it was asked under, or under what was found since. What counts is `confirm` of the electorate.
 */
export function asksForName({ requirement, today }: Pick<Base, 'requirement' | 'today'>): boolean {
  return requirement.confirm || (today !== null && 'confirm' in today && today.confirm)
}

/** Whether the token's name was typed for this approval. Where the rule that it is sealed with asks for that, none comes without. */
export function isConfirmed({ requirement }: Pick<Base, 'requirement'>, { confirmed }: Approval): boolean {
  return confirmed === true || requirement.confirm
}
