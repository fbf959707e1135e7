import type { WebClient } from '@slack/web-api'
import { z } from 'zod'
import { dayMs } from '../../domain/day.ts'
import { isDefiniteNo } from '../../domain/outside-trouble.ts'
import type { CardRef } from '../../ports/cards.ts'
import { slackErrorName } from '../calls/errors.ts'
import { kindOf } from '../calls/no-kinds.ts'

/** `ticks`: milliseconds that pass, whatever is done to the clock. */
type Looking = { client: WebClient; botId: string; ticks?: () => number }
type Wanted = { id: number; channel: string; proposedAt: string }

const now = () => performance.now()

const cardEvent = 'countersign_change'

/** The most that the clock of this machine may be ahead of Slack's; a minute more for the way. */
const clocksApartMs = dayMs + 60_000

/**
 * Whoever looks holds the claim to post the card for fifteen seconds, and a page may take ten: no other is asked for after four. Four
 * cards are looked for at once, and Slack allows some fifty such requests a minute. Beyond that, posting again does less
 * harm than to keep people waiting: either card decides. Source: slack.md §2.
 */
const most = { limit: 200, pages: 5, beginsWithinMs: 4_000 }

/** Carried unseen by a card, so that it can be found again. Any app in the channel can read it, and write the same. */
export function cardMetadata(id: number) {
  return { event_type: cardEvent, event_payload: { change: id } }
}

/**
 * The card of a change among what this app itself posted to the channel since the change was asked for, in the thousand
 * messages that Slack shows first: the newest. Null if it is not there, or if Slack lets the app post but not look. Throws
 * as Slack's client does if a post would fail as well.
 */
export async function findPosted({ client, botId, ticks = now }: Looking, { id, channel, proposedAt }: Wanted) {
  const oldest = String((Date.parse(proposedAt) - clocksApartMs) / 1000)
  try {
    const until = ticks() + most.beginsWithinMs
    let cursor: string | undefined
    for (let page = 0; page < most.pages && ticks() <= until; page += 1) {
      const asked = { channel, oldest, limit: most.limit, include_all_metadata: true, ...(cursor && { cursor }) }
      const history = await client.conversations.history(asked)
      const card = history.messages?.find((message) => isCardOf(message, id, botId))
      if (card?.ts) return { channel, ts: card.ts } satisfies CardRef
      cursor = history.response_metadata?.next_cursor
      if (!cursor) return null
    }
    return null
  } catch (error) {
    if (mayNotLook(error)) return null
    throw error
  }
}

const posted = z.looseObject({
  bot_id: z.string(),
  metadata: z.looseObject({ event_type: z.literal(cardEvent), event_payload: z.looseObject({ change: z.number() }) }),
})

function isCardOf(message: unknown, id: number, botId: string): boolean {
  const { success, data } = posted.safeParse(message)
  return success && data.bot_id === botId && data.metadata.event_payload.change === id
}

/**
 * Answers to a search for a card after which a post would be refused too: nothing is posted beside a card that may
 * already be there.
 */
const closed = ['channel_not_found', 'is_archived', 'not_in_channel']

/** True if a refusal leaves only one way, to post again, since another search would get the same. */
function mayNotLook(error: unknown): boolean {
  const name = slackErrorName(error)
  return name !== null && isDefiniteNo(error) && kindOf(name) !== 'token' && !closed.includes(name)
}
