import { asideBecause, type Change, hasEnded } from './change.ts'
import type { ChangeEvent } from './event.ts'

/**
 * Notes that the stack of a change is not configured, so that its card can say so, or that it is again: `why` is null
 * if nothing is wrong with its stack. Null if there is nothing new to say.
 */
export function setAside(change: Change, why: string | null, at: string): ChangeEvent | null {
  return hasEnded(change) || asideBecause(change) === why ? null : { type: 'set_aside', at, why }
}
