import { and, asc, eq, lte, notInArray, sql } from 'drizzle-orm'
import type { Change } from '../domain/change.ts'
import { isOutsideEdit } from '../domain/outside-edit.ts'
import { settings, stackFacts, type Token } from '../domain/token.ts'
import type { Store } from '../ports.ts'
import type { Entry } from './audit.ts'
import type { Row } from './change-rows.ts'
import type { Database } from './database.ts'
import { lastWritten } from './past.ts'
import { readOnce } from './read-once.ts'
import { stacks, tokens } from './schema.ts'

type Looks = Pick<Store, 'rememberTokens' | 'rememberToken' | 'knownTokens' | 'rememberFacts' | 'knownFacts'>

type Tools = {
  readonly db: Database
  readonly atomically: <T>(work: () => T) => T
  readonly append: (entry: Entry) => unknown
  readonly at: () => string
  readonly parse: (row: Row) => Change
}

/** What the stacks looked like last, so that a form opens at once. Never what an apply is judged by. */
export function rememberedLooks({ db, atomically, append, at, parse }: Tools): Looks {
  const readSettings = readOnce(settings)
  const { stack, uid } = tokens
  const ofToken = and(eq(stack, sql.placeholder('stack')), eq(uid, sql.placeholder('uid')))
  const find = db.select().from(tokens).where(ofToken).prepare()
  /** When the last look at a whole stack was over: a token that is not known by then was gone. Looks do not outlive a process. */
  const wholeLooks = new Map<string, string>()

  return {
    rememberToken: async (token, began) => atomically(() => remember(token, began)),

    rememberTokens: async (name, seen, began) =>
      atomically(() => {
        const uids = seen.map((token) => token.uid)
        const goneSince = and(eq(stack, name), notInArray(uid, uids), lte(tokens.seenAt, began))
        db.delete(tokens).where(goneSince).run()
        for (const token of seen) remember(token, began)
        wholeLooks.set(name, at())
      }),

    knownTokens: async () =>
      db
        .select()
        .from(tokens)
        .orderBy(asc(stack), asc(uid))
        .all()
        .map(({ stack, uid, settings: json }) => ({ stack, uid, settings: readSettings(`${stack} ${uid}`, json) })),

    rememberFacts: async (name, known) => {
      const facts = JSON.stringify(known)
      db.insert(stacks).values({ name, facts }).onConflictDoUpdate({ target: stacks.name, set: { facts } }).run()
    },

    knownFacts: async (name) => {
      const found = db.select().from(stacks).where(eq(stacks.name, name)).get()
      return found ? stackFacts.parse(JSON.parse(found.facts)) : null
    },
  }

  /** What one look saw of a token may be older than what another did, unless one was over before the other began. */
  function remember(token: Token, began: string): void {
    const { stack, uid, settings } = token
    const known = find.get({ stack, uid })
    if (began < (known?.seenAt ?? wholeLooks.get(stack) ?? '')) return
    if (known) noteOutsideEdit(token, known)
    const seen = { settings: JSON.stringify(settings), seenAt: at() }
    db.insert(tokens)
      .values({ stack, uid, ...seen })
      .onConflictDoUpdate({ target: [tokens.stack, tokens.uid], set: seen })
      .run()
  }

  function noteOutsideEdit({ stack, uid: tokenUid, settings: live, edited }: Token, known: Known): void {
    if (JSON.stringify(live) === known.settings) return
    const before = settings.parse(JSON.parse(known.settings))
    if (!isOutsideEdit(lastWritten(db, { stack, tokenUid }, parse), { before, live, since: known.seenAt })) return
    const { by = null, at: editedAt = null } = edited ?? {}
    const fact = { type: 'outside_edit', stack, tokenUid, before, after: live, by, editedAt } as const
    append({ event: fact, actor: 'app', changeId: null, at: at() })
  }
}

type Known = typeof tokens.$inferSelect
