import type pg from 'pg'
import type { CardRef, CardStore } from '../../ports/cards.ts'
import { asWritten } from '../kept.ts'
import { type HoldValues, hold } from './held.ts'
import { type On, statement, writing } from './statements.ts'
import type { Transactions } from './transaction.ts'

type Tools = {
  readonly pool: pg.Pool
  readonly atomically: Transactions['atomically']
  readonly holdValues: HoldValues
}

const posting = hold('card_posting', 3)
const isBeingPosted = writing(
  'card-posting',
  `update change_requests set card_posting = ${posting.until}
   where id = $1 and card_ts is not distinct from $2 and ${posting.free}`,
)
const setPosting = writing('card-posted', 'update change_requests set card_posting = $2 where id = $1')

/**
 * A different value each time, so that a card that fell behind while it was drawn can be told from one that did not.
 */
const furtherBehind = 'least(card_seq, 0) - 1'
const drawn = writing(
  'card-drawn',
  `update change_requests set card_seq = case when card_seq in ($3, $4) then $4 else ${furtherBehind} end
   where id = $1 and card_ts = $2`,
)
export const fellBehind = writing('card-behind', `update change_requests set card_seq = ${furtherBehind} where id = $1`)
const place = statement<{ channel: string | null; ts: string | null }>(
  'card-place',
  'select card_channel as channel, card_ts as ts from change_requests where id = $1 for update',
)
const stands = writing(
  'card-stands',
  'update change_requests set card_channel = $2, card_ts = $3, card_seq = $4, card_posting = 0 where id = $1',
)
const leave = statement<CardRef>(
  'card-left',
  `insert into left_cards (change_id, channel, ts) values ($1, $2, $3)
   on conflict (change_id, channel, ts) do update set channel = excluded.channel returning channel, ts`,
)
const left = statement<CardRef>('cards-left', 'select channel, ts from left_cards where change_id = $1')
const pointsOn = writing('card-points-on', 'delete from left_cards where change_id = $1 and channel = $2 and ts = $3')

/** Remembers where the card of a change is, what it shows, and the cards that the change left in other channels. */
export function rememberedCards({ pool, atomically, holdValues }: Tools): CardStore {
  return {
    cardIsBeingPosted: async (id, { until, instead }) => {
      const { changes } = await isBeingPosted(pool, id, instead?.ts ?? null, ...holdValues(until))
      return changes > 0
    },
    cardIsInDoubt: async (id) => {
      await setPosting(pool, id, 1)
    },
    cardWasNotTaken: async (id) => {
      await setPosting(pool, id, 0)
    },
    cardWasDrawn: async (id, card, seq) => {
      await drawn(pool, id, card.ts, card.seq, seq)
    },
    cardFellBehind: async (id) => {
      await fellBehind(pool, id)
    },
    cardStands: (id, { seq, ...card }) =>
      atomically(async ({ on }) => {
        await leaveOld(on, id, card)
        await stands(on, id, card.channel, card.ts, seq)
      }),
    cardsLeft: (id) => left(pool, id),
    cardPointsOn: async (id, { channel, ts }) => {
      await pointsOn(pool, id, channel, ts)
    },
  }
}

async function leaveOld(on: On, id: number, instead: CardRef): Promise<void> {
  const [old] = await place(on, id)
  await pointsOn(on, id, instead.channel, instead.ts)
  if (!old?.ts || !old.channel || old.channel === instead.channel) return
  const [kept] = await leave(on, id, old.channel, old.ts)
  asWritten(kept && [kept.channel, kept.ts], [old.channel, old.ts])
}
