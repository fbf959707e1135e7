import type pg from 'pg'
import { type Breathe, inRuns, type Pause } from '../../breathe.ts'
import { stackFacts, type Token } from '../../domain/token/token.ts'
import type { LookReads, LookWrites } from '../../ports/looks.ts'
import type { SteadyClock } from '../../steady-clock.ts'
import { asWritten } from '../kept.ts'
import { isAsKnown, prepareFindings } from '../look-findings.ts'
import { readOnce } from '../read-once.ts'
import type { ReadsChanges } from '../stored-changes.ts'
import { type AsToken, seenIn } from '../token-rows.ts'
import type { ReadRow } from '../unreadable-rows.ts'
import { keptTokens } from './kept-tokens.ts'
import { statement } from './statements.ts'
import { prepareTokenMoves } from './token-moves.ts'
import {
  areMissing,
  isGone,
  keyOf,
  lockedRows,
  notSeenSince,
  putRows,
  rowOf,
  seenAgain,
  seenUnchanged,
} from './token-rows.ts'
import { allOrNothing, type Transactions, type Tx } from './transaction.ts'

type Tools = {
  readonly pool: pg.Pool
  readonly read: ReadsChanges
  readonly atomically: Transactions['atomically']
  readonly lightly: Transactions['lightly']
  readonly clock: SteadyClock
  readonly readRow: ReadRow
  readonly asToken: AsToken
  /** Called between runs of many tokens that are read. */
  readonly breathe: Breathe
  readonly pause?: Pause | undefined
}

/** Tokens compared in one statement, and of those that differ, remembered in one transaction. */
const atOnce = 50

/** The last look at each stack, so that a form opens at once. An apply is never judged by it. */
export function rememberedLooks(tools: Tools): LookReads & LookWrites {
  const { pool, read, atomically, lightly, clock, readRow, asToken, breathe, pause } = tools
  const readFacts = readOnce(stackFacts)
  const movesOf = prepareTokenMoves({ read, readRow })
  const { findingOf } = prepareFindings({ clock, asToken })
  const kept = keptTokens({ on: pool, asToken, breathe })
  /**
   * When the last look at a whole stack was over: a token not known by then was gone. Looks do not outlive a process.
   */
  const wholeLooks = new Map<string, string>()
  const at = () => clock.now().toISOString()

  return {
    rememberToken: async (token, began) => (await rememberRun([token], began)).length > 0,

    rememberTokens: async (name, seen, began) => {
      const believed: Token[] = []
      for await (const run of inRuns(seen, atOnce, pause)) believed.push(...(await rememberRun(run, began)))
      const listed = new Set(seen.map((token) => token.uid))
      const missing = await noteMissing(name, listed, began)
      wholeLooks.set(name, at())
      return { believed, missing }
    },

    tokenIsGone: async ({ stack, tokenUid: uid }, began) => isGone(pool, { stack, uid }, at(), began),

    knownTokens: kept.known,

    knownToken: async ({ stack, tokenUid: uid }) => {
      const known = await rowOf(pool, { stack, uid })
      return known && known.goneAt === null ? asToken(known) : null
    },

    lastSeen: async ({ stack, tokenUid: uid }) => (await rowOf(pool, { stack, uid }))?.seenAt ?? null,

    goneTokens: kept.gone,

    rememberFacts: async (name, known) => {
      const json = JSON.stringify(known)
      await allOrNothing(pool, async (on) => {
        const [found] = await putFacts(on, name, json)
        asWritten([found?.facts], [json])
      })
    },

    knownFacts: async (name) => {
      const [found] = await facts(pool, name)
      return found ? readRow('stacks', name, () => readFacts(name, found.facts)) : null
    },
  }

  /** Resolves to those that are believed. A list may have the same token twice: the second is compared with the first. */
  async function rememberRun(run: readonly Token[], began: string): Promise<readonly Token[]> {
    const first = new Map<string, Token>()
    for (const token of run) if (!first.has(keyOf(token))) first.set(keyOf(token), token)
    const believed = new Set(await rememberOnce([...first.values()], began))
    const again = run.filter((token) => first.get(keyOf(token)) !== token)
    for (const token of again.length > 0 ? await rememberRun(again, began) : []) believed.add(token)
    return run.filter((token) => believed.has(token))
  }

  /**
   * For most tokens only the time they were seen is written, and nobody has to wait for the disk for that: if it is
   * lost, it is as if nobody had looked.
   */
  async function rememberOnce(tokens: readonly Token[], began: string): Promise<readonly Token[]> {
    const unchanged = await lightly((on) => seenUnchanged(on, tokens.map(seenIn), { began, at: at() }))
    const believed = tokens.filter((token) => unchanged.has(keyOf(token)))
    const others = tokens.filter((token) => !unchanged.has(keyOf(token)))
    if (others.length > 0) believed.push(...(await atomically((tx) => remember(tx, others, began))))
    return believed
  }

  /** Resolves to all but those older than what is known of them. */
  async function remember({ on, append }: Tx, tokens: readonly Token[], began: string): Promise<Token[]> {
    const known = await lockedRows(on, tokens)
    const foundOf = (token: Token) => known.get(keyOf(token))
    const differing = tokens.filter((token) => !isAsKnown(foundOf(token) ?? nothing, token))
    const around = await movesOf(on, differing)
    const findings = tokens.map((token) => {
      const which = { found: foundOf(token), wholeLook: wholeLooks.get(token.stack) }
      return { token, ...findingOf(token, began, { ...around(token), ...which }) }
    })
    for (const { edit } of findings) if (edit) await append({ event: edit, actor: 'app', changeId: null, at: at() })
    const toSave = (what: 'all' | 'time') => findings.filter(({ save }) => save === what).map(({ token }) => token)
    await seenAgain(on, toSave('time'), at())
    await putRows(on, toSave('all').map(seenIn), at())
    return findings.filter(({ believed }) => believed).map(({ token }) => token)
  }

  async function noteMissing(stack: string, listed: ReadonlySet<string>, began: string): Promise<string[]> {
    const uids = (await notSeenSince(pool, stack, began)).filter((uid) => !listed.has(uid))
    await areMissing(pool, { stack, uids, began, at: at() })
    return uids
  }
}

/** Nothing is known of an unknown token. */
const nothing = { settings: '', editedAt: null }

const facts = statement<{ facts: string }>('facts', 'select facts from stacks where name = $1')
const putFacts = statement<{ facts: string }>(
  'facts-put',
  `insert into stacks (name, facts) values ($1, $2) on conflict (name) do update set facts = excluded.facts
   returning facts`,
)
