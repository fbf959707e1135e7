import { z } from 'zod'
import { requirement, ruling } from '../policy/policy.ts'
import { settings } from '../token/token.ts'
import { reverts } from './reverts.ts'

/** An ISO 8601 instant in UTC. */
export const instant = z.string()

export const proposal = z.object({
  /** The log's name for the stack: see `known-stacks.ts`. */
  stack: z.string(),
  /** Identifies the stack under any name; missing in changes from before this was kept. */
  stackKey: z.string().optional(),
  tokenUid: z.string(),
  requester: z.string(),
  /** The operator who typed it in for the requester at a terminal; missing if they asked for it in Slack. */
  enteredBy: z.string().optional(),
  reason: z.string(),
  /** The thing that it was asked for to undo; null for any other change, and for those from before this was kept. */
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
    /** They typed the token's name. Missing if they did not, and in entries from before it was kept. */
    confirmed: z.literal(true).optional(),
  })
  .readonly()
export type Approval = z.infer<typeof approval>

/**
 * The process that applies, and until when nobody else may judge or repeat it. `arrival`: until when what is sent under
 * it may still arrive; leases of the first releases don't say.
 */
export const lease = z.object({ holder: z.string(), until: instant, arrival: instant.optional() }).readonly()
export type Lease = z.infer<typeof lease>

/** Somebody who may no longer do what they did, and why: whose approval does not count, or who may no longer ask. */
export const lost = z.object({ by: z.string(), why: z.string() }).readonly()
export type Lost = z.infer<typeof lost>

/** Somebody who looks at a change, and since when; older entries don't say that. */
export const looking = z.object({ by: z.string(), at: instant.optional() }).readonly()
export type Looking = z.infer<typeof looking>

/** A new revision: approvals of the one before no longer count. */
export const revised = proposal
  .pick({ before: true, after: true, reason: true, requirement: true, expiresAt: true, remindAt: true })
  /** A second rule to meet, since another rule fits somebody else who asks for it; missing if none does. */
  .extend({
    today: ruling.nullish(),
    /** Who gave the reason; missing if nobody can tell any more, and in entries from before it was kept. */
    reasonBy: z.string().optional(),
    /** When the token was seen as in `before`, if that was before this revision. */
    shownAt: instant.optional(),
    /** As on the change; missing if it had none, and in entries from before it was kept. */
    putBackAt: instant.optional(),
  })

/** Those whose approvals no longer count after a new revision. Entries of the first release don't say. */
export const voids = z.array(z.string()).readonly().default([])

/** Earlier askers, besides whoever asks for something else now: they are told what is different. */
export const tells = z.array(z.string()).readonly()

/** Until when an update is looked for that the stack said it took, and that no look has shown in time. */
export const watchUntil = instant.optional()

/** The update that was refused, or maybe never sent, though the token was found as asked for. `why`: a clause. */
export const turnedDown = z.object({ sentAt: instant, why: z.string() }).optional()

/** By number. */
export const changes = z.array(z.number().int()).readonly()

/** Who moved the token, see `drift_found`. */
export const movers = z.object({
  by: changes.optional(),
  unproven: changes.optional(),
  elsewhere: z.boolean().optional(),
  perhaps: changes.optional(),
  undated: z.literal(true).optional(),
})
export type Revised = z.infer<typeof revised>
