import { z } from 'zod'
import { requirement, ruling } from '../policy/policy.ts'
import { settings } from '../token/token.ts'
import { reverts } from './reverts.ts'

/** An ISO 8601 instant in UTC. */
export const instant = z.string()

export const proposal = z.object({
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

export const approval = z
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
export const lease = z.object({ holder: z.string(), until: instant, arrival: instant.optional() }).readonly()
export type Lease = z.infer<typeof lease>

/** Somebody who may no longer do what they did, and why: whose approval does not count, or who may not ask any more. */
export const lost = z.object({ by: z.string(), why: z.string() }).readonly()
export type Lost = z.infer<typeof lost>

/** A new revision: approvals of the one before count no more. */
export const revised = proposal
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
export const voids = z.array(z.string()).readonly().default([])

/** Those who asked for it before, besides whoever asks for something else now: they are told what is different. */
export const tells = z.array(z.string()).readonly()

/** Until when an update is looked for that the stack said it took, and that no look has shown in time. */
export const watchUntil = instant.optional()

/** The update that the stack said no to, or that is not known to have left, though the token was found as asked for. `why`: a clause. */
export const turnedDown = z.object({ sentAt: instant, why: z.string() }).optional()

/** By their numbers. */
export const changes = z.array(z.number().int()).readonly()

/** Whose doing it was that the token moved, see `drift_found`. */
export const movers = z.object({
  by: changes.optional(),
  unproven: changes.optional(),
  elsewhere: z.boolean().optional(),
  perhaps: changes.optional(),
  undated: z.literal(true).optional(),
})
export type Revised = z.infer<typeof revised>
