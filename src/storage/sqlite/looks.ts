import { and, eq, lte } from 'drizzle-orm'
import { type Breathe, inRuns, type Pause } from '../../breathe.ts'
import { type Settings, stackFacts, type Token } from '../../domain/token/token.ts'
import type { LookReads, LookWrites } from '../../ports/looks.ts'
import type { SteadyClock } from '../../steady-clock.ts'
import { asWritten, oneRow } from '../kept.ts'
import { readOnce } from '../read-once.ts'
import type { ReadsChanges } from '../stored-changes.ts'
import type { ReadRow } from '../unreadable-rows.ts'
import type { Entry } from './audit.ts'
import type { ChangeRows } from './change-rows.ts'
import type { Database } from './database.ts'
import { keptTokens } from './kept-tokens.ts'
import { stacks, tokens } from './schema.ts'
import { newestUntil, prepareTokenMoves } from './token-moves.ts'
import { type AsToken, type Known, prepareTokenRows } from './token-rows.ts'
import type { Transactions } from './transactions.ts'
import { preparedWhenUsed } from './when-used.ts'

type Tools = {
  readonly db: Database
  readonly changes: ChangeRows
  readonly read: ReadsChanges
  readonly atomically: Transactions['atomically']
  /** For one statement, which is on disk only with what is written after it. */
  readonly lightly: Transactions['lightly']
  readonly append: (entry: Entry) => unknown
  readonly clock: SteadyClock
  readonly readRow: ReadRow
  readonly asToken: AsToken
  /** Between runs of many tokens that are read, and that are remembered. */
  readonly breathe: Breathe
  readonly pause?: Pause | undefined
}

/** Tokens that are remembered in one transaction: some milliseconds, in which nobody else is served. */
const atOnce = 50

/** What the stacks looked like last, so that a form opens at once. Never what an apply is judged by. */
export function rememberedLooks({
  db,
  changes,
  read,
  atomically,
  lightly,
  append,
  clock,
  readRow,
  asToken,
  breathe,
  pause,
}: Tools): LookReads & LookWrites {
  const readFacts = readOnce(stackFacts)
  const rows = prepareTokenRows(db.$client)
  const { byTheLog, movedFrom } = prepareTokenMoves({ db, changes, read, append, clock, readRow })
  const kept = keptTokens({ sqlite: db.$client, asToken, breathe })
  const inOne = db.$client.transaction((work: () => Token[]) => work())
  const facts = preparedWhenUsed(db.$client)
    .prepare<[string], string>('select facts from stacks where name = ?')
    .pluck()
  /** When the last look at a whole stack was over: a token that is not known by then was gone. Looks do not outlive a process. */
  const wholeLooks = new Map<string, string>()
  const at = () => clock.now().toISOString()

  return {
    rememberToken: async (token, began) =>
      lightly(() => wasSeenAgain(token, began)) || atomically(() => remember(token, began)),

    // Each token by itself is kept whole, so that others have their turn between runs of them. The list of all is read again
    // once they are over: after each of them, it would be read all the time.
    rememberTokens: async (name, seen, began) => {
      const believed: Token[] = []
      let others = false
      const isOther = () => {
        others = true
      }
      try {
        for await (const run of inRuns(seen, atOnce, pause)) believed.push(...rememberRun(run, began, isOther))
      } finally {
        if (others) kept.areOthers()
      }
      const listed = new Set(seen.map((token) => token.uid))
      const missing = atomically(() => noteMissing(name, listed, began))
      wholeLooks.set(name, at())
      return { believed, missing }
    },

    tokenIsGone: async ({ stack: name, tokenUid }, began) => {
      const asOfThen = and(eq(tokens.stack, name), eq(tokens.uid, tokenUid), lte(tokens.seenAt, began))
      db.update(tokens).set({ goneAt: at() }).where(asOfThen).run()
      kept.areOthers()
    },

    knownTokens: kept.known,

    knownToken: async ({ stack, tokenUid }) => {
      const known = rows.find(stack, tokenUid)
      return known && known.goneAt === null ? asToken(known) : null
    },

    lastSeen: async ({ stack, tokenUid }) => rows.find(stack, tokenUid)?.seenAt ?? null,

    goneTokens: kept.gone,

    rememberFacts: async (name, known) => {
      const json = JSON.stringify(known)
      atomically(() => {
        const put = db.insert(stacks).values({ name, facts: json })
        oneRow(put.onConflictDoUpdate({ target: stacks.name, set: { facts: json } }).run())
        asWritten([facts.get(name)], [json])
      })
    },

    knownFacts: async (name) => {
      const found = facts.get(name)
      return found === undefined ? null : readRow('stacks', name, () => readFacts(name, found))
    },
  }

  /**
   * True where the token is all that is known of it, so that nothing but when it was seen had to be written. Should that be lost,
   * it is as if nobody had looked: looks do not outlive a process.
   */
  function wasSeenAgain({ settings, edited, ...which }: Token, began: string): boolean {
    const last = { editedAt: edited?.at ?? null, editedBy: edited?.by ?? null }
    return rows.seenUnchanged({ ...which, settings: JSON.stringify(settings), ...last, began, at: at() })
  }

  /** Of most there is no more to write than that they were seen, for which nobody has to wait for the disk. */
  function rememberRun(run: readonly Token[], began: string, areOthers: () => void): readonly Token[] {
    const others = new Set(lightly(() => inOne(() => run.filter((token) => !wasSeenAgain(token, began)))))
    return atomically(() => run.filter((token) => !others.has(token) || remember(token, began, areOthers)))
  }

  /**
   * False for a token as it was before what is known of it. What one look saw of a token may be older than what another did,
   * unless one was over before the other began: that is not kept, though nothing speaks against it. `areOthers` is called when the
   * list of all has another one now.
   */
  function remember(token: Token, began: string, areOthers: () => void = kept.areOthers): boolean {
    const { stack, uid, settings, edited } = token
    const found = rows.find(stack, uid)
    const before = found ? settingsOf(found, settings) : null
    // One that can't be read is as good as not known.
    const known = before && found
    const last = known ? { ...known, before } : byTheLog({ stack, tokenUid: uid })
    const moved = last && movedFrom(last, token)
    if (moved?.isStale()) return false
    const since = known ? [known.seenAt, known.missingSince, known.goneAt] : [wholeLooks.get(stack), last?.seenAt]
    if (began < newestUntil(at(), since)) return true
    moved?.noteOutsideEdit()
    const edit = { editedAt: edited?.at ?? null, editedBy: edited?.by ?? null }
    if (known && moved === null && known.goneAt === null && known.editedBy === edit.editedBy)
      rows.seenAgain(stack, uid, at())
    else {
      rows.put({ stack, uid, settings: JSON.stringify(settings), seenAt: at(), ...edit })
      areOthers()
    }
    return true
  }

  function settingsOf(known: Known, live: Settings): Settings | null {
    return known.settings === JSON.stringify(live) ? live : (asToken(known)?.settings ?? null)
  }

  function noteMissing(name: string, listed: ReadonlySet<string>, began: string): string[] {
    const unseen = rows.notSeenSince(name, began).filter((uid) => !listed.has(uid))
    for (const uid of unseen) rows.isMissing(name, uid, at())
    return unseen
  }
}
