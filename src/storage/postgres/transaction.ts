import type pg from 'pg'
import type { Seen } from '../../domain/audit/log-end.ts'
import { LogTrouble } from '../log-trouble.ts'
import type { Audit, End, Entry } from './audit.ts'
import { commit, Unanswered } from './commit.ts'
import { giveBack, take } from './connection.ts'
import { logEnd } from './entries.ts'
import { isLost } from './lost.ts'
import { type Appended, isKept } from './outcome.ts'
import type { SchemaGuard } from './schema-guard.ts'

/** A transaction that has the lock of the log, so that what it read is still true when it writes. */
export type Tx = {
  readonly on: pg.PoolClient
  /** Appends an entry to the log, and resolves to its number. */
  append(entry: Entry): Promise<number>
  /** Throws LogTrouble if nothing may be appended. */
  requireEnd(): Promise<void>
}

export type Transactions = ReturnType<typeof prepareTransactions>

/** Each of them sees what was committed until it begins: so the last entry is read once nobody else can append. */
const locked = (seen: Seen | null) =>
  `begin; select 1 from log_head for update; ${logEnd}; select hash from audit_events where seq = ${seen?.seq ?? 0}`

type Tools = {
  readonly pool: pg.Pool
  readonly audit: Audit
  readonly schema: SchemaGuard
  readonly at: () => string
}

/** Our own, since drizzle's leaks a connection whose BEGIN fails, and gives broken ones back to the pool. */
export function prepareTransactions({ pool, audit, schema, at }: Tools) {
  return { atomically, lightly }

  /**
   * Does `work` and commits it, or nothing of it. If no answer comes to the commit, looks in the log whether it was done: if
   * not, throws what kept the answer away, and Unanswered only if that can't be told. Throws LogTrouble, writing nothing,
   * while the log lacks an entry that this process saw in it, or the database does not have the structure that Countersign
   * gave it; once it has it again, the log says that it had not.
   */
  async function atomically<T>(work: (tx: Tx) => Promise<T>): Promise<T> {
    schema.check()
    const written: Written = { end: null, appended: null, differed: null }
    const before = audit.seen.last()
    const result = await between(pool, locked(before), {
      work: async (on, began) => {
        audit.seen.requireNoneLost(before, began[3]?.rows[0]?.hash)
        const tx = withLog(on, began, written)
        written.differed = await saidIfDiffered(tx)
        return work(tx)
      },
      isKept: async () => written.appended && isKept(pool, written.appended),
    })
    if (written.end !== null) audit.committed(written.end)
    if (written.differed !== null) schema.recorded(written.differed)
    return result
  }

  /** Resolves to what the log says of the structure now; null if there is nothing to say. */
  async function saidIfDiffered({ append }: Tx): Promise<string | null> {
    const what = schema.differed()
    if (what !== null)
      await append({ event: { type: 'schema_differed', what }, actor: 'app', changeId: null, at: at() })
    return what
  }

  function withLog(on: pg.PoolClient, [, lock, last]: readonly pg.QueryResult[], written: Written): Tx {
    if (lock?.rowCount !== 1) throw new LogTrouble('"log_head", which writers wait for, has no row')
    written.end = last?.rows[0] ?? null
    return {
      on,
      append: async (entry) => {
        const kept = await audit.append(on, written.end, entry)
        written.end = kept
        written.appended = { seq: kept.seq, hash: kept.hash }
        return kept.seq
      },
      requireEnd: () => audit.requireEnd(on, written.end),
    }
  }

  /** For writes that lose nothing that people were told is saved: a failure of the server may undo them. */
  async function lightly<T>(work: (on: pg.PoolClient) => Promise<T>): Promise<T> {
    return between(pool, 'begin; set local synchronous_commit = off', { work, isKept: async () => null })
  }
}

/** For a write that has nothing to do with the log. Throws Unanswered if no answer comes to the commit. */
export async function allOrNothing<T>(pool: pg.Pool, work: (on: pg.PoolClient) => Promise<T>): Promise<T> {
  return between(pool, 'begin', { work, isKept: async () => null })
}

type Written = { end: End; appended: Appended | null; differed: string | null }

type Doing<T> = {
  work(on: pg.PoolClient, began: readonly pg.QueryResult[]): Promise<T>
  /** Asked when no answer came to the commit. Null if that can't be told. */
  isKept(): Promise<boolean | null>
}

async function between<T>(pool: pg.Pool, begin: string, { work, isKept }: Doing<T>): Promise<T> {
  const { on, began } = await begun(pool, begin)
  let isSound = false
  try {
    const result = await work(on, began)
    await commit(on).catch(async (error) => {
      const kept = error instanceof Unanswered ? await isKept() : null
      if (kept !== true) throw kept === false ? (error as Unanswered).cause : error
    })
    isSound = true
    return result
  } catch (error) {
    isSound = !(error instanceof Unanswered) && (await isRolledBack(on))
    throw error
  } finally {
    giveBack(on, isSound)
  }
}

/** Connections that were cut while nobody used them show it only when they are used: nothing is lost by trying again. */
const tries = 3

async function begun(pool: pg.Pool, begin: string): Promise<{ on: pg.PoolClient; began: pg.QueryResult[] }> {
  for (let left = tries; ; left--) {
    const on = await take(pool)
    try {
      return { on, began: (await on.query(begin)) as unknown as pg.QueryResult[] }
    } catch (error) {
      giveBack(on, !isLost(error) && (await isRolledBack(on)))
      if (!isLost(error) || left <= 1) throw error
    }
  }
}

/** A connection that does not say so soon is not used again: the server ends its transaction. */
async function isRolledBack(on: pg.PoolClient): Promise<boolean> {
  const rollback: pg.QueryConfig & { query_timeout: number } = { text: 'rollback', query_timeout: 1000 }
  return on.query(rollback).then(
    () => true,
    () => false,
  )
}
