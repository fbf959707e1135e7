import { z } from 'zod'
import { ruling } from '../policy/policy.ts'
import { settings } from '../token/token.ts'
import {
  approval,
  instant,
  lease,
  looking,
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

/** Missing for decisions at a terminal, and in entries from before it was kept. */
const evidence = { pressed: pressed.optional() }

/** One fact in the life of a change. A change moves only by one of these; each is a row of the audit log. */
export const changeEvent = z.discriminatedUnion('type', [
  /** `origin`: its source, which opens no second change; missing in entries from before it was kept. */
  proposal.extend({ type: z.literal('proposed'), at: instant, origin: z.string().optional() }),
  /** `lost`: earlier approvals that were found not to count when this one was added; missing if there were none. */
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
  /** The same edit, over the token as it was found. `over`: who moved it; older entries don't say. */
  revised.extend({
    type: z.literal('rebased'),
    at: instant,
    by: z.string(),
    voids,
    over: movers.readonly().optional(),
    ...evidence,
  }),
  /** `looking`: all who look at it after this, without `by` if they took it back; older entries replace whoever did. */
  z.object({
    type: z.literal('claimed'),
    at: instant,
    by: z.string(),
    looking: z.array(looking).readonly().optional(),
    ...evidence,
  }),
  z.object({ type: z.literal('reminded'), at: instant, remindAt: instant }),
  z.object({ type: z.literal('nudged'), at: instant, by: z.string(), ...evidence }),
  /** Approved once, but the approvers are no longer enough: some may no longer decide, or more must agree now. */
  z.object({ type: z.literal('quorum_lost'), at: instant, lost: z.array(lost).readonly(), why: z.string() }),
  /** The askers who may no longer ask: while there are any, it waits to be taken over. Empty if all may again. */
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
  /** The policy differs from the one it was asked under. `today`: its demand, null if it is the same again. */
  z.object({ type: z.literal('ruled_anew'), at: instant, today: ruling.nullable() }),
  /** An operator said that a backup was put back: earlier approvals (`voids`: whose) no longer count. */
  z.object({
    type: z.literal('put_back'),
    at: instant,
    by: z.string(),
    voids: z.array(z.string()).readonly(),
  }),
  /** Its stack is no longer configured: `why`, as a clause; null if it is again. */
  z.object({ type: z.literal('set_aside'), at: instant, why: z.string().nullable() }),
  z.object({ type: z.literal('apply_started'), at: instant, lease, seal: z.string() }),
  /**
   * The stack's answer to the update sent at `sentAt`, as it came. `over`: when the token had last been edited, by the
   * stack's word in the look that the update was made from. An apply without this entry sent nothing, unless its
   * process ended or could not write: then whoever else judges it records that no answer is known.
   */
  z.object({
    type: z.literal('write_answered'),
    at: instant,
    sentAt: instant,
    answer,
    over: z.string().optional(),
  }),
  /** No look so far shows how the update ended; the next is due at `lookAt`. */
  z.object({ type: z.literal('apply_unseen'), at: instant, why: z.string(), lookAt: instant }),
  /**
   * `written`: false if the token was as asked for, and no known update of this change may have made it so. `stored`:
   * what the stack made of the request, if that differs; `live`: the token as it was found then, if somebody had moved
   * it further. `sentAt`: the update that a look has found; null if it has found none.
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
  /** Not even begun: it waits for the token. */
  z.object({ type: z.literal('apply_postponed'), at: instant, why: z.string(), retryAt: instant }),
  z.object({ type: z.literal('apply_refused'), at: instant, why: z.string(), watchUntil }),
  /**
   * `by`: the changes that moved the token since, including this one if an earlier revision of it did; `unproven`:
   * those of them with an unanswered update, so that somebody else may have made the same edit; `elsewhere`: true if it
   * was moved elsewhere too; `perhaps`: those with an update that may have done that, including this one; `undated`:
   * the stack did not say when the token was last edited, so that the look may have shown an older state.
   */
  z.object({
    type: z.literal('drift_found'),
    at: instant,
    live: settings,
    ...movers.shape,
    watchUntil,
  }),
  /** A look found on the token what an update of this change asked for, which nobody knew had arrived. */
  z.object({ type: z.literal('write_arrived'), at: instant, sentAt: instant }),
])
export type ChangeEvent = z.infer<typeof changeEvent>
export type Proposed = Extract<ChangeEvent, { type: 'proposed' }>
