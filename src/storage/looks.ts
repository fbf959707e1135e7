import { and, asc, eq, lte, notInArray } from 'drizzle-orm'
import { settings, stackFacts, type Token } from '../domain/token.ts'
import type { Store } from '../ports.ts'
import type { Database } from './database.ts'
import { stacks, tokens } from './schema.ts'

type Looks = Pick<Store, 'rememberTokens' | 'rememberToken' | 'knownTokens' | 'rememberFacts' | 'knownFacts'>

/** What the stacks looked like last, so that a form opens at once. Never what an apply is judged by. */
export function rememberedLooks(db: Database): Looks {
  function remember({ stack, uid, settings }: Token, seenAt: string): void {
    const seen = { settings: JSON.stringify(settings), seenAt }
    db.insert(tokens)
      .values({ stack, uid, ...seen })
      .onConflictDoUpdate({ target: [tokens.stack, tokens.uid], set: seen, setWhere: lte(tokens.seenAt, seenAt) })
      .run()
  }

  return {
    rememberToken: async (token, began) => remember(token, began),

    rememberTokens: async (stack, seen, began) =>
      db.$client.transaction(() => {
        const uids = seen.map((token) => token.uid)
        db.delete(tokens)
          .where(and(eq(tokens.stack, stack), notInArray(tokens.uid, uids), lte(tokens.seenAt, began)))
          .run()
        for (const token of seen) remember(token, began)
      })(),

    knownTokens: async () =>
      db
        .select()
        .from(tokens)
        .orderBy(asc(tokens.stack), asc(tokens.uid))
        .all()
        .map(({ stack, uid, settings: json }) => ({ stack, uid, settings: settings.parse(JSON.parse(json)) })),

    rememberFacts: async (name, known) => {
      const facts = JSON.stringify(known)
      db.insert(stacks).values({ name, facts }).onConflictDoUpdate({ target: stacks.name, set: { facts } }).run()
    },

    knownFacts: async (name) => {
      const found = db.select().from(stacks).where(eq(stacks.name, name)).get()
      return found ? stackFacts.parse(JSON.parse(found.facts)) : null
    },
  }
}
