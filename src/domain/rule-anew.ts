import type { Change, ChangeEvent } from './change.ts'
import type { Ruling } from './policy.ts'

/**
 * Notes down what the policy of now asks of a change that was asked for under another one, so that its card can say so.
 * `ruling` is null when the policy is the one that it was asked under. Null when there is nothing new to say.
 */
export function ruleAnew(change: Change, ruling: Ruling | null, at: string): ChangeEvent | null {
  if (change.status !== 'pending' && change.status !== 'approved') return null
  const today = asksTheSame(ruling, change.requirement) ? null : ruling
  return asksTheSame(today, change.today) ? null : { type: 'ruled_anew', at, today }
}

/** Whatever the rules are called. */
function asksTheSame(one: Ruling | null, other: Ruling | null): boolean {
  return JSON.stringify(demandOf(one)) === JSON.stringify(demandOf(other))
}

function demandOf(ruling: Ruling | null) {
  return ruling === null || 'forbidden' in ruling ? ruling : [ruling.parties, ruling.confirm]
}
