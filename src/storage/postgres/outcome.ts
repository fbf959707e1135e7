import { setTimeout as pause } from 'node:timers/promises'
import type pg from 'pg'
import { Unanswered } from './commit.ts'
import { giveBack, take } from './connection.ts'

/** An entry that a transaction appended: no other has its hash. */
export type Appended = { readonly seq: number; readonly hash: string | null }

/** In milliseconds: a server that restarts, or another one that takes over, needs some seconds. */
const [betweenLooks, longest] = [250, 20_000]

/**
 * True if the log has the entry of a transaction to whose commit no answer came. Waits for the lock first, which that
 * transaction has until it is over, so that it can't be committed later. Throws Unanswered if nobody answers in time.
 */
export async function isKept(pool: pg.Pool, appended: Appended): Promise<boolean> {
  const until = performance.now() + longest
  for (;;)
    try {
      return await look(pool, appended)
    } catch (error) {
      if (performance.now() > until)
        throw new Unanswered('no answer came to a commit, and none since', { cause: error })
      await pause(betweenLooks)
    }
}

async function look(pool: pg.Pool, { seq, hash }: Appended): Promise<boolean> {
  const on = await take(pool)
  let isSound = false
  try {
    await on.query('begin; select 1 from log_head for update')
    const { rows } = await on.query('select 1 from audit_events where seq = $1 and hash = $2', [seq, hash])
    await on.query('rollback')
    isSound = true
    return rows.length > 0
  } finally {
    giveBack(on, isSound)
  }
}
