import { setTimeout as wait } from 'node:timers/promises'
import { WebAPIRateLimitedError, type WebClient } from '@slack/web-api'
import { z } from 'zod'
import type { Checkpoint } from '../../domain/audit/chain.ts'
import { checkpointIn, checkpointInText } from '../../domain/audit/checkpoint-text.ts'
import { Refusal } from '../../domain/refusal.ts'
import type { AnchorAfterChange } from '../../ports/anchors.ts'
import type { CardRef } from '../../ports/cards.ts'
import { line, verbatim } from '../../words/pieces.ts'
import type { Words } from '../../words/words.ts'
import { missingScope, slackErrorName } from '../calls/errors.ts'
import { permalink } from '../calls/permalink.ts'
import { limits, type Message } from '../kit/blocks.ts'
import { pack } from '../kit/layout.ts'
import { inText } from '../kit/rich.ts'

/**
 * In the thread of a card whose change has ended: the state of the audit log at that time, for people and for programs.
 */
export function checkpointMessage(anchor: AnchorAfterChange): Message {
  const said: Words = [
    `Audit checkpoint, for auditors, after change #${anchor.change} ended: how many entries the audit log had, the hash of the last one, and a digest. If the log is altered later, these no longer fit.`,
  ]
  const checkpoint = checkpointInText(anchor)
  return {
    text: `${inText(said)} ${checkpoint}`,
    blocks: pack([[line(...said), verbatim(checkpoint)]], limits.messageBlocks),
  }
}

/**
 * A checkpoint that the app posted, where, and when (an ISO instant). `edited`: somebody has changed it since; the app
 * never does.
 */
export type PostedCheckpoint = Checkpoint & {
  readonly permalink: string
  readonly edited: boolean
  readonly at: string
}

type Reading = { client: WebClient; cards: Iterable<CardRef> | AsyncIterable<CardRef> }

/**
 * Reads the checkpoints in the threads of these cards, in order; only the app's own posts count. A card that is gone,
 * or in a channel that the app has left, has none. This needs `channels:history`, and `groups:history` for private
 * channels, which the app otherwise does without: throws a Refusal that says so.
 */
export async function* readCheckpoints({ client, cards }: Reading): AsyncGenerator<PostedCheckpoint> {
  const { bot_id, url } = await client.auth.test()
  if (!bot_id || !url) throw new Error('Slack did not say whose token SLACK_BOT_TOKEN is.')
  for await (const card of cards)
    for await (const { text, ts, edited, ...message } of repliesTo(client, card)) {
      const checkpoint = message.bot_id === bot_id ? checkpointIn(text) : null
      const where = { channel: card.channel, ts }
      const at = new Date(Number(ts) * 1000).toISOString()
      if (checkpoint) yield { ...checkpoint, permalink: permalink(url, where), edited: edited !== undefined, at }
    }
}

const reply = z.looseObject({
  ts: z.string(),
  text: z.string().default(''),
  bot_id: z.string().optional(),
  edited: z.unknown().optional(),
})

async function* repliesTo(client: WebClient, { channel, ts }: CardRef): AsyncGenerator<z.infer<typeof reply>> {
  let cursor: string | undefined
  do {
    const page = await pageOf(client, { channel, ts, ...(cursor && { cursor }) })
    yield* z.array(reply).parse(page?.messages ?? [])
    cursor = page?.response_metadata?.next_cursor
  } while (cursor)
}

type Page = { channel: string; ts: string; cursor?: string }

/** Slack allows some fifty of these a minute. Source: slack.md §2. */
async function pageOf(client: WebClient, page: Page) {
  for (;;)
    try {
      return await client.conversations.replies({ ...page, limit: 200 })
    } catch (error) {
      if (error instanceof WebAPIRateLimitedError) await wait(error.retryAfter * 1000)
      else if (gone.includes(slackErrorName(error) ?? '')) return null
      else throw orInWords(error)
    }
}

const gone = ['thread_not_found', 'message_not_found', 'channel_not_found', 'not_in_channel']

function orInWords(error: unknown): unknown {
  const scope = missingScope(error)
  if (scope === null) return error
  return new Refusal(
    'not_allowed',
    `Slack does not let the app read threads: add the scope ${scope} to it under "OAuth & Permissions", install it again, and repeat this. Nothing was changed.`,
  )
}
