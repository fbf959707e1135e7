import { and, eq, lte } from 'drizzle-orm'
import { type Breathe, inRuns, type Pause } from '../../breathe.ts'
import { stackFacts, type Token } from '../../domain/token/token.ts'
import type { LookReads, LookWrites } from '../../ports/looks.ts'
import type { SteadyClock } from '../../steady-clock.ts'
import { asWritten, oneRow } from '../kept.ts'
import { prepareFindings } from '../look-findings.ts'
import { readOnce } from '../read-once.ts'
import type { ReadsChanges } from '../stored-changes.ts'
import { type AsToken, seenIn } from '../token-rows.ts'
import type { ReadRow } from '../unreadable-rows.ts'
import type { Entry } from './audit.ts'
import type { ChangeRows } from './change-rows.ts'
import type { Database } from './database.ts'
import { keptTokens } from './kept-tokens.ts'
import { stacks, tokens } from './schema.ts'
import { prepareTokenMoves } from './token-moves.ts'
import { prepareTokenRows } from './token-rows.ts'
import type { Transactions } from './transactions.ts'
import { preparedWhenUsed } from './when-used.ts'

type Tools = {
  readonly db: Database
  readonly changes: ChangeRows
  readonly read: ReadsChanges
  readonly atomically: Transactions['atomically']
  /** Runs one statement, which is on disk only with the next write. */
  readonly lightly: Transactions['lightly']
  readonly append: (entry: Entry) => unknown
  readonly clock: SteadyClock
  readonly readRow: ReadRow
  readonly asToken: AsToken
  /** Called between runs of many tokens that are read or remembered. */
  readonly breathe: Breathe
  readonly pause?: Pause | undefined
}

/** Tokens remembered in one transaction: some milliseconds, in which nobody else is served. */
const atOnce = 50

/** The last look at each stack, so that a form opens at once. An apply is never judged by it. */
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
  const movesOf = prepareTokenMoves({ db, changes, read, readRow })
  const { findingOf } = prepareFindings({ clock, asToken })
  const kept = keptTokens({ sqlite: db.$client, asToken, breathe })
  const inOne = db.$client.transaction((work: () => Token[]) => work())
  const facts = preparedWhenUsed(db.$client)
    .prepare<[string], string>('select facts from stacks where name = ?')
    .pluck()
  /**
   * When the last look at a whole stack was over: a token not known by then was gone. Looks do not outlive a process.
   */
  const wholeLooks = new Map<string, string>()
  const at = () => clock.now().toISOString()

  return {
    rememberToken: async (token, began) =>
      lightly(() => wasSeenAgain(token, began)) || atomically(() => remember(token, began)),

    // Each token is saved whole, with turns for others between runs of them. The list of all is read again only at the
    // end: after each token, it would be read all the time.
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
   * True if the token is just as it is known, so that only the time it was seen had to be written. If that is lost, it
   * is as if nobody had looked: looks do not outlive a process.
   */
  function wasSeenAgain(token: Token, began: string): boolean {
    return rows.seenUnchanged({ ...seenIn(token), began, at: at() })
  }

  /** For most tokens only the time they were seen is written, and nobody has to wait for the disk for that. */
  function rememberRun(run: readonly Token[], began: string, areOthers: () => void): readonly Token[] {
    const others = new Set(lightly(() => inOne(() => run.filter((token) => !wasSeenAgain(token, began)))))
    return atomically(() => run.filter((token) => !others.has(token) || remember(token, began, areOthers)))
  }

  /** False for a token older than what is known of it. `areOthers` is called if the list of all has changed. */
  function remember(token: Token, began: string, areOthers: () => void = kept.areOthers): boolean {
    const { stack, uid } = token
    const around = movesOf({ stack, tokenUid: uid })
    const found = rows.find(stack, uid)
    const { believed, edit, save } = findingOf(token, began, { ...around, found, wholeLook: wholeLooks.get(stack) })
    if (edit) append({ event: edit, actor: 'app', changeId: null, at: at() })
    if (save === 'time') rows.seenAgain(stack, uid, at())
    if (save === 'all') {
      rows.put({ ...seenIn(token), seenAt: at() })
      areOthers()
    }
    return believed
  }

  function noteMissing(name: string, listed: ReadonlySet<string>, began: string): string[] {
    const unseen = rows.notSeenSince(name, began).filter((uid) => !listed.has(uid))
    for (const uid of unseen) rows.isMissing(name, uid, at())
    return unseen
  }
}
