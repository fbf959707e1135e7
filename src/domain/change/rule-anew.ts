import { asksTheSame, type Ruling } from '../policy/policy.ts'
import type { Change } from './change.ts'
import type { ChangeEvent } from './event.ts'

/**
 * Notes the current policy's demand on a change besides the rule that it was asked under, so that its card can say so;
 * `ruling` is null if it asks for nothing else. Null if there is nothing new to say.
 */
export function ruleAnew(change: Change, ruling: Ruling | null, at: string): ChangeEvent | null {
  if (change.status !== 'pending' && change.status !== 'approved') return null
  const today = asksTheSame(ruling, change.requirement) ? null : ruling
  return asksTheSame(today, change.today) ? null : { type: 'ruled_anew', at, today }
}
