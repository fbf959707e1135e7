import { z } from 'zod'
import type { EmulatedSlack } from '../slack/protocol.ts'
import { readTroubles, writings } from '../stack/behaviour.ts'
import type { EmulatedStack } from '../stack/stack.ts'

const milliseconds = z.number().int().min(0).max(60_000)
const calls = z.number().int().min(0).max(100)

const slackTrouble = z.strictObject({
  slowMs: milliseconds.exactOptional(),
  down: z.boolean().exactOptional(),
  rateLimited: calls.exactOptional(),
  loseAnswers: z.array(z.string()).exactOptional(),
  revoked: z.boolean().exactOptional(),
  inPlace: z.record(z.string(), z.enum(['html', 'null', 'stalled', 'busy', 'yes'])).exactOptional(),
  leaveAlone: z.record(z.string(), z.number().int().positive()).exactOptional(),
  silentUpgrades: z.boolean().exactOptional(),
})
const stackTrouble = z.strictObject({
  slowMs: milliseconds.exactOptional(),
  down: z.boolean().exactOptional(),
  rateLimited: calls.exactOptional(),
  updates: z
    .enum([
      'ok',
      'take, then never answer',
      'take, then close the socket',
      'take, then 500',
      'take, then refuse',
      'never arrives',
      'arrives late',
      'drop fields',
    ])
    .exactOptional(),
  droppedFields: z.array(z.string()).exactOptional(),
  lateMs: milliseconds.nullable().exactOptional(),
  lagMs: milliseconds.exactOptional(),
  shortLists: calls.exactOptional(),
  nextReads: z
    .array(z.strictObject({ status: z.number().int().min(200).max(599), body: z.unknown() }))
    .max(10)
    .exactOptional(),
  reads: z.enum(readTroubles).exactOptional(),
})
const stackBehaviour = z.strictObject({
  update: z.enum(['replace', 'merge']).exactOptional(),
  unknownToken: z.union([z.literal(404), z.literal(422)]).exactOptional(),
  text: z.enum(writings).exactOptional(),
  expiry: z.enum(['as sent', 'date', 'instant', 'end of day']).exactOptional(),
  scope: z.enum(['as sent', 'sorted']).exactOptional(),
  times: z.boolean().exactOptional(),
  updateAnswer: z.enum(['token', 'notice']).exactOptional(),
})

/**
 * The switches on the page. Slack can also be told to drop its connections, as it does every few hours, and to notice
 * those that were cut.
 */
export const switches = z.strictObject({
  slack: slackTrouble.exactOptional(),
  dropSockets: z.literal(true).exactOptional(),
  cutLinks: z.literal(true).exactOptional(),
  forgetGhosts: z.literal(true).exactOptional(),
  stack: stackTrouble.exactOptional(),
  behaviour: stackBehaviour.exactOptional(),
})

export function flip(asked: z.infer<typeof switches>, slack: EmulatedSlack, stack: EmulatedStack) {
  Object.assign(slack.trouble, asked.slack)
  Object.assign(stack.trouble, asked.stack)
  Object.assign(stack.behaviour, asked.behaviour)
  if (asked.dropSockets) slack.dropSockets()
  if (asked.cutLinks) slack.cutLinks()
  if (asked.forgetGhosts) slack.forgetGhosts()
}
