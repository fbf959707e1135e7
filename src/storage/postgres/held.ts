import type { SteadyClock } from '../../steady-clock.ts'
import { longestHoldMs } from '../longest-hold.ts'

/** The time by the database's clock, in milliseconds since 1970: the clocks of two hosts may be far apart. */
export const databaseNow = '(extract(epoch from clock_timestamp()) * 1000)::bigint'

/**
 * SQL for a statement that holds something by this column (milliseconds since 1970), with what `HoldValues` gives as its
 * parameters `first` and the one after. `until`: the end of the hold. `free`: true if no hold lasts. One that lasts
 * longer than any hold was not written by the app, or dates from before the database's clock was set back: it must not
 * keep a message from people for ever.
 */
export function hold(column: string, first: number): { readonly until: string; readonly free: string } {
  const now = `coalesce($${first + 1}::bigint, ${databaseNow})`
  return {
    until: `${now} + $${first}::bigint`,
    free: `(${column} <= ${now} or ${column} > ${now} + ${longestHoldMs})`,
  }
}

/** The parameters for a hold until an instant (ISO) of this host's clock. */
export type HoldValues = (until: string) => readonly [lastsMs: number, now: number | null]

/** `holdClock` stands in for the database's clock. */
export function prepareHolds({ now }: SteadyClock, holdClock?: (() => Date) | undefined): HoldValues {
  return (until) => [Date.parse(until) - now().getTime(), holdClock?.().getTime() ?? null]
}
