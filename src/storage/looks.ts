import { and, asc, eq, isNull, lte, notInArray, sql } from 'drizzle-orm'
import type { Change } from '../domain/change.ts'
import { outsideEdit } from '../domain/outside-edit.ts'
import { isStale } from '../domain/stale-look.ts'
import { settings, stackFacts, type Token } from '../domain/token.ts'
import type { Store, TokenRef } from '../ports.ts'
import type { Entry } from './audit.ts'
import type { Database } from './database.ts'
import { readOnce } from './read-once.ts'
import { stacks, tokens } from './schema.ts'

type Looks = Pick<
  Store,
  'rememberTokens' | 'rememberToken' | 'tokenIsGone' | 'knownTokens' | 'knownToken' | 'rememberFacts' | 'knownFacts'
>

type Tools = {
  readonly db: Database
  readonly atomically: <T>(work: () => T) => T
  readonly append: (entry: Entry) => unknown
  readonly now: () => Date
  /** Changes that may have moved a token of late. */
  readonly ofToken: (of: TokenRef) => readonly Change[]
}

/** What the stacks looked like last, so that a form opens at once. Never what an apply is judged by. */
export function rememberedLooks({ db, atomically, append, now, ofToken }: Tools): Looks {
  const readSettings = readOnce(settings)
  const { stack, uid } = tokens
  const that = and(eq(stack, sql.placeholder('stack')), eq(uid, sql.placeholder('uid')))
  const find = db.select().from(tokens).where(that).prepare()
  /** When the last look at a whole stack was over: a token that is not known by then was gone. Looks do not outlive a process. */
  const wholeLooks = new Map<string, string>()
  const at = () => now().toISOString()

  return {
    rememberToken: async (token, began) => atomically(() => remember(token, began)),

    rememberTokens: async (name, seen, began) =>
      atomically(() => {
        const believed = seen.filter((token) => remember(token, began))
        const missing = noteMissing(
          name,
          seen.map((token) => token.uid),
          began,
        )
        wholeLooks.set(name, at())
        return { believed, missing }
      }),

    tokenIsGone: async ({ stack: name, tokenUid }, began) => {
      const asOfThen = and(eq(stack, name), eq(uid, tokenUid), lte(tokens.seenAt, began))
      db.update(tokens).set({ goneAt: at() }).where(asOfThen).run()
    },

    knownTokens: async () =>
      db.select().from(tokens).where(isNull(tokens.goneAt)).orderBy(asc(stack), asc(uid)).all().map(asToken),

    knownToken: async ({ stack, tokenUid }) => {
      const known = find.get({ stack, uid: tokenUid })
      return known && known.goneAt === null ? asToken(known) : null
    },

    rememberFacts: async (name, known) => {
      const facts = JSON.stringify(known)
      db.insert(stacks).values({ name, facts }).onConflictDoUpdate({ target: stacks.name, set: { facts } }).run()
    },

    knownFacts: async (name) => {
      const found = db.select().from(stacks).where(eq(stacks.name, name)).get()
      return found ? stackFacts.parse(JSON.parse(found.facts)) : null
    },
  }

  function asToken({ stack, uid, settings: json }: Known): Token {
    return { stack, uid, settings: readSettings(`${stack} ${uid}`, json) }
  }

  /**
   * False for a token as it was before what is known of it. What one look saw of a token may be older than what another did,
   * unless one was over before the other began: that is not kept, though nothing speaks against it.
   */
  function remember(token: Token, began: string): boolean {
    const { stack, uid, settings, edited } = token
    const known = find.get({ stack, uid })
    const moved = known ? movedFrom(known, token) : null
    if (moved?.isStale()) return false
    const since = known ? [known.seenAt, known.missingSince, known.goneAt] : [wholeLooks.get(stack)]
    if (began < newestUntil(at(), since)) return true
    moved?.noteOutsideEdit()
    const seen = { settings: JSON.stringify(settings), seenAt: at(), missingSince: null, goneAt: null }
    const last = { editedAt: edited?.at ?? null, editedBy: edited?.by ?? null }
    db.insert(tokens)
      .values({ stack, uid, ...seen, ...last })
      .onConflictDoUpdate({ target: [tokens.stack, tokens.uid], set: { ...seen, ...last } })
      .run()
    return true
  }

  /** What it means that a token is not as it is known; null when it is. */
  function movedFrom(known: Known, { stack, uid: tokenUid, settings: live, edited }: Token) {
    const editedAt = edited?.at ?? null
    if (JSON.stringify(live) === known.settings && editedAt === known.editedAt) return null
    const before = settings.parse(JSON.parse(known.settings))
    const recent = ofToken({ stack, tokenUid })
    return {
      isStale: () => {
        const asKnown = { settings: before, editedAt: known.editedAt, seenAt: known.seenAt }
        return isStale({ settings: live, editedAt }, asKnown, { recent, at: now() })
      },
      noteOutsideEdit: () => {
        const found = outsideEdit(recent, { before, live, since: newestUntil(at(), [known.seenAt]), editedAt })
        if (found === null) return
        const fact = { type: 'outside_edit', stack, tokenUid, ...found, by: edited?.by ?? null, editedAt } as const
        append({ event: fact, actor: 'app', changeId: null, at: at() })
      },
    }
  }

  function noteMissing(name: string, uids: readonly string[], began: string): string[] {
    const lacking = and(eq(stack, name), notInArray(uid, [...uids]), lte(tokens.seenAt, began), isNull(tokens.goneAt))
    const missing = db
      .select({ uid })
      .from(tokens)
      .where(lacking)
      .orderBy(asc(tokens.missingSince), asc(uid))
      .all()
      .map((row) => row.uid)
    const since = sql`coalesce(${tokens.missingSince}, ${at()})`
    if (missing.length > 0) db.update(tokens).set({ missingSince: since }).where(lacking).run()
    return missing
  }
}

type Known = typeof tokens.$inferSelect

/** The newest of these instants, of those that are past: another is from before the clock was set back, and says nothing. */
function newestUntil(now: string, instants: readonly (string | null | undefined)[]): string {
  const past = instants.map((one) => one ?? '').filter((one) => one <= now)
  return past.sort().at(-1) ?? ''
}
