import type pg from 'pg'
import { connectTo } from './connection.ts'
import { type On, statement } from './statements.ts'

type DatabaseClock = { readonly now: () => Date; measure(): Promise<void>; stop(): Promise<void> }

/** Milliseconds. Clocks of machines drift apart by far less than this matters. */
const measuredEvery = 60_000
/** The quickest of some tells most. */
const measuredTimes = 3

const time = statement<{ ms: number }>('time', `select (extract(epoch from clock_timestamp()) * 1000)::float8 as ms`)

/**
 * The clock of the server at `url`, for every instance: hosts may be a day apart, and two of them must agree on when the
 * time of a third is over. Goes on by this process's own time, which nobody can set, and is measured again now and then.
 * Until `measure` has resolved it shows this machine's time; that throws if the server can't be asked.
 */
export function databaseClock(url: string, monotonic: () => number, every = measuredEvery): DatabaseClock {
  const pool = connectTo(url)
  let ahead = Date.now() - monotonic()
  const timer = setInterval(() => void measure().catch(passOver), every)
  timer.unref()
  return {
    now: () => new Date(monotonic() + ahead),
    measure,
    stop: () => {
      clearInterval(timer)
      return pool.end()
    },
  }

  async function measure(): Promise<void> {
    ahead = await measured(pool, monotonic)
  }
}

/** While nobody answers, the last measure holds. */
function passOver(): void {}

/** By how many milliseconds since 1970 the server's clock is ahead of `monotonic`. */
async function measured(pool: pg.Pool, monotonic: () => number): Promise<number> {
  let best = { took: Number.POSITIVE_INFINITY, ahead: 0 }
  for (let i = 0; i < measuredTimes; i++) {
    const one = await measuredOnce(pool, monotonic)
    if (one.took < best.took) best = one
  }
  return best.ahead
}

async function measuredOnce(on: On, monotonic: () => number) {
  const asked = monotonic()
  const [answer] = await time(on)
  const took = monotonic() - asked
  return { took, ahead: answer!.ms - asked - took / 2 }
}
