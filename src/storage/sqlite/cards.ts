import { and, eq, isNull, sql } from 'drizzle-orm'
import type { CardRef, CardStore } from '../../ports/cards.ts'
import type { SteadyClock } from '../../steady-clock.ts'
import { notKept, oneRow } from '../kept.ts'
import type { Database } from './database.ts'
import { isFree } from './held.ts'
import { changeRequests, leftCards } from './schema.ts'
import type { Transactions } from './transactions.ts'

type Tools = { readonly db: Database; readonly atomically: Transactions['atomically']; readonly clock: SteadyClock }

/** Remembers where the card of a change is, what it shows, and the cards that the change left in other channels. */
export function rememberedCards({ db, atomically, clock }: Tools): CardStore {
  return {
    cardIsBeingPosted: async (id, { until, instead }) => {
      const { cardPosting, cardTs } = changeRequests
      const asKnown = instead ? eq(cardTs, instead.ts) : isNull(cardTs)
      const free = and(eq(changeRequests.id, id), asKnown, isFree(cardPosting, clock))
      const { changes } = db
        .update(changeRequests)
        .set({ cardPosting: Date.parse(until) })
        .where(free)
        .run()
      return changes > 0
    },
    cardIsInDoubt: async (id) => {
      db.update(changeRequests).set({ cardPosting: 1 }).where(eq(changeRequests.id, id)).run()
    },
    cardWasNotTaken: async (id) => {
      db.update(changeRequests).set({ cardPosting: 0 }).where(eq(changeRequests.id, id)).run()
    },
    cardWasDrawn: async (id, card, seq) => {
      const { cardSeq, cardTs } = changeRequests
      const drawn = sql`case when ${cardSeq} in (${card.seq}, ${seq}) then ${seq} else ${furtherBehind} end`
      const thatCard = and(eq(changeRequests.id, id), eq(cardTs, card.ts))
      db.update(changeRequests).set({ cardSeq: drawn }).where(thatCard).run()
    },
    cardFellBehind: async (id) => {
      db.update(changeRequests).set({ cardSeq: furtherBehind }).where(eq(changeRequests.id, id)).run()
    },

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

/**
 * A different value each time, so that a card that fell behind while it was drawn can be told from one that did not.
 */
export const furtherBehind = sql<number>`min(${changeRequests.cardSeq}, 0) - 1`
