import { z } from 'zod'
import type { Actor, EmulatedSlack } from '../slack/protocol.ts'

const where = z.union([
  z.literal('home'),
  z.strictObject({ channel: z.string(), ts: z.string() }),
  z.strictObject({ id: z.string() }),
])
const choice = z.union([z.string(), z.array(z.string()), z.null()])
/** The modal in front when the person acted; by the time a request arrives another one may be. */
const modal = z.string()

/** The things a person can do on the page, and who does it. */
export const act = z.intersection(
  z.object({ as: z.string() }),
  z.discriminatedUnion('do', [
    z.object({ do: z.literal('command'), text: z.string(), channel: z.string().optional() }),
    z.object({ do: z.literal('say'), channel: z.string(), text: z.string().min(1) }),
    z.object({ do: z.literal('shortcut'), callbackId: z.string() }),
    z.object({ do: z.literal('open home') }),
    z.object({
      do: z.literal('press'),
      where,
      actionId: z.string(),
      choice: choice.optional(),
      blockId: z.string().optional(),
    }),
    z.object({
      do: z.literal('suggest'),
      where,
      actionId: z.string(),
      typed: z.string(),
      blockId: z.string().optional(),
    }),
    z.object({ do: z.literal('fill'), modal, blockId: z.string(), actionId: z.string(), value: choice }),
    z.object({ do: z.literal('submit'), modal }),
    z.object({ do: z.literal('close'), modal }),
    z.object({ do: z.literal('dismiss notices') }),
  ]),
)
type Act = z.infer<typeof act>

/**
 * Performs it, and resolves once the app acked or Slack gave up waiting; for `suggest`, with the options offered. What
 * Slack would not let this person do is an answer as well: a status of its own would stand in the console as a fault.
 */
export async function perform(slack: EmulatedSlack, act: Act): Promise<{ answer: unknown } | { refused: string }> {
  const actor = slack.as(act.as)
  try {
    return { answer: (await done(actor, act)) ?? null }
  } catch (error) {
    return { refused: error instanceof Error ? error.message : String(error) }
  }
}

async function done(actor: Actor, act: Act): Promise<unknown> {
  if ('modal' in act && actor.modal()?.id !== act.modal) return null
  switch (act.do) {
    case 'command':
      return void (await actor.command(act.text, act.channel === undefined ? {} : { channel: act.channel }))
    case 'say':
      return void actor.say(act.channel, act.text)
    case 'shortcut':
      return void (await actor.shortcut(act.callbackId))
    case 'open home':
      return void (await actor.openHome())
    case 'press':
      return void (await actor.press(act.where, act.actionId, act.choice, act.blockId))
    case 'suggest':
      return actor.suggest(act.where, act.actionId, act.typed, act.blockId)
    case 'fill':
      return void (await actor.fill(act.blockId, act.actionId, act.value))
    case 'submit':
      return void (await actor.submit())
    case 'close':
      return void (await actor.closeModal())
    case 'dismiss notices':
      return void actor.dismissNotices()
  }
}
