import { z } from 'zod'

/** The thing to undo: a change by its number, or an edit made elsewhere by its number in the log. */
export const reverts = z.object({ kind: z.enum(['change', 'edit']), number: z.number().int() }).readonly()
export type Reverts = z.infer<typeof reverts>
