import { z } from 'zod'

/** Says if settings may be gone that the file had. */
export type Removals = 'refused' | 'allowed'

/** `lines`: what has changed, or why the settings can't be used. */
const outcome = z.object({
  outcome: z.enum(['reloaded', 'refused', 'stopping']),
  lines: z.array(z.string()).readonly(),
})
export type Outcome = Readonly<z.infer<typeof outcome>>

const from = z.object({ id: z.string(), version: z.string(), host: z.string(), pid: z.number().nullable() })

/** The outcome, and the process that says it; null for an earlier version, which does not say which it is. */
export const answer = outcome.extend({ from: from.nullable().default(null) })
export type Answer = Readonly<z.infer<typeof answer>>
