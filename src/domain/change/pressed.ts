import { z } from 'zod'

/**
 * One press, as Slack reports it: on the message of a card (`channel`, and `message` by its `ts`) or in a view, and
 * when by Slack's own clock (`ts`, seconds since 1970 with six decimals). Whatever Slack did not say is missing.
 */
export const spot = z
  .object({
    channel: z.string().optional(),
    message: z.string().optional(),
    view: z.string().optional(),
    ts: z.string().optional(),
  })
  .readonly()
export type Spot = z.infer<typeof spot>

/** Where somebody decided. `opened`: the press that opened the form that was sent. Slack gives no time for a form. */
const where = spot.unwrap().extend({ opened: spot.optional() }).readonly()
export type Where = z.infer<typeof where>

/** The evidence of a decision made in Slack: where, and which revision with which content was shown there. */
export const pressed = where.unwrap().extend({ revision: z.number().int(), seal: z.string() }).readonly()
export type Pressed = z.infer<typeof pressed>
