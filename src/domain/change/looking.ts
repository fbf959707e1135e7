import { type Act, evidenceOf, requireDecider, requirePending } from './act.ts'
import { asideBecause, type Change } from './change.ts'
import type { Electorate } from './electorate.ts'
import type { ChangeEvent } from './event.ts'
import type { Looking } from './parts.ts'

/** Those who said that they are looking at it, the first first. Older entries don't say since when. */
export function lookingAt({ looking, claimedBy }: Pick<Change, 'looking' | 'claimedBy'>): readonly Looking[] {
  return looking ?? (claimedBy === null ? [] : [{ by: claimedBy }])
}

/** Others who are looking stay. */
export function claim(change: Change, act: Act, electorate: Electorate): ChangeEvent | null {
  requirePending(change, 'say that you are looking at', act)
  requireDecider(change, act.by, electorate, 'say that you are looking at')
  const { by, at } = act
  const looking = lookingAt(change)
  if (looking.some((one) => one.by === by)) return null
  return claimed(change, act, [...looking, { by, at }])
}

/** Takes that back; null if there is nothing to take back. */
export function stopLooking(change: Change, act: Act): ChangeEvent | null {
  if (change.status !== 'pending' || asideBecause(change) !== null) return null
  const looking = lookingAt(change)
  const others = looking.filter(({ by }) => by !== act.by)
  return others.length === looking.length ? null : claimed(change, act, others)
}

function claimed(change: Change, act: Act, looking: readonly Looking[]): ChangeEvent {
  return { type: 'claimed', at: act.at, by: act.by, looking, ...evidenceOf(change, act) }
}

export function isLooking(change: Change, person: string): boolean {
  return lookingAt(change).some(({ by }) => by === person)
}
