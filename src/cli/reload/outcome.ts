import { z } from 'zod'

/** Says if settings may be gone that the file had. */
export type Removals = 'refused' | 'allowed'

/** `lines`: what has changed, or why the settings can't be used. */
export const outcome = z.object({
  outcome: z.enum(['reloaded', 'refused', 'stopping']),
  lines: z.array(z.string()).readonly(),
})
export type Outcome = Readonly<z.infer<typeof outcome>>
