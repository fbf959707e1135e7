import { and, eq } from 'drizzle-orm'
import type { CardRef, CardStore } from '../../ports/cards.ts'
import { notKept, oneRow } from '../kept.ts'
import type { Database } from './database.ts'
import { changeRequests, leftCards } from './schema.ts'

type Deps = { readonly db: Database; readonly atomically: <T>(work: () => T) => T }

/** Where the card of a change stands, and the cards that it left in other channels. */
export function rememberedLeftCards({
  db,
  atomically,
}: Deps): Pick<CardStore, 'cardStands' | 'cardsLeft' | 'cardPointsOn'> {
  return {
    cardStands: async (id, { seq, ...card }) =>
      atomically(() => {
        leave(id, card)
        const stands = { cardChannel: card.channel, cardTs: card.ts, cardSeq: seq, cardPosting: 0 }
        db.update(changeRequests).set(stands).where(eq(changeRequests.id, id)).run()
      }),

    cardsLeft: async (id) =>
      db
        .select({ channel: leftCards.channel, ts: leftCards.ts })
        .from(leftCards)
        .where(eq(leftCards.changeId, id))
        .all(),

    cardPointsOn: async (id, card) => {
      db.delete(leftCards).where(thatOne(id, card)).run()
    },
  }

  function leave(id: number, instead: CardRef): void {
    const { cardChannel, cardTs } = changeRequests
    const old = db
      .select({ channel: cardChannel, ts: cardTs })
      .from(changeRequests)
      .where(eq(changeRequests.id, id))
      .get()
    db.delete(leftCards).where(thatOne(id, instead)).run()
    if (!old?.ts || !old.channel || old.channel === instead.channel) return
    const card = { channel: old.channel, ts: old.ts }
    const { changeId, channel, ts } = leftCards
    oneRow(
      db
        .insert(leftCards)
        .values({ changeId: id, ...card })
        .onConflictDoUpdate({ target: [changeId, channel, ts], set: card })
        .run(),
    )
    if (db.select().from(leftCards).where(thatOne(id, card)).get() === undefined) throw notKept()
  }
}

function thatOne(id: number, { channel, ts }: CardRef) {
  return and(eq(leftCards.changeId, id), eq(leftCards.channel, channel), eq(leftCards.ts, ts))
}
