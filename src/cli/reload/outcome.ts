import { z } from 'zod'

/** `lines`: what has changed, or why the settings can't be used. */
export const outcome = z.object({
  outcome: z.enum(['reloaded', 'refused', 'stopping']),
  lines: z.array(z.string()).readonly(),
})
export type Outcome = Readonly<z.infer<typeof outcome>>
