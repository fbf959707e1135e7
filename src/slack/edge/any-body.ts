import type { AllMiddlewareArgs, AnyMiddlewareArgs } from '@slack/bolt'
import { z } from 'zod'

export type Args = AnyMiddlewareArgs & AllMiddlewareArgs

/** Whatever Slack delivered, as far as it tells how it can be answered. */
export const anyBody = z.looseObject({
  type: z.string().optional().catch(undefined),
  command: z.string().optional().catch(undefined),
  response_url: z.string().optional().catch(undefined),
  view: z.looseObject({ callback_id: z.string() }).optional().catch(undefined),
})
export type Body = z.infer<typeof anyBody>
