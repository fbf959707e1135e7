import { z } from 'zod'
import { ruling } from '../policy/policy.ts'
import { settings } from '../token/token.ts'
import {
  approval,
  instant,
  lease,
  lost,
  movers,
  proposal,
  revised,
  tells,
  turnedDown,
  voids,
  watchUntil,
} from './parts.ts'
import { pressed } from './pressed.ts'
import { answer } from './write.ts'

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
