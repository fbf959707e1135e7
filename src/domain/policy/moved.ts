import type { Effect } from '../token/effect.ts'
import type { Module } from '../token/token.ts'
import { matchesAny } from './glob.ts'

/** Access that is not understood counts as gained, whichever is asked for: nobody can say that it was not. */
export function gains(gain: 'write' | '$all' | Module, effects: readonly Effect[]): boolean {
  return effects.some(({ direction, what }) => {
    if (direction === 'unknown') return true
    if (what.kind !== 'access' || direction !== 'wider') return false
    return gain === 'write' ? what.after === 'write' : what.to === (gain === '$all' ? 'everything' : gain)
  })
}

/**
 * Goes by what is added or removed, as the verdict does: an alias counts under its own name and under the branch that it is known
 * to point to. Anything is possible for an entry that is not understood, for an alias whose branch is unknown, and for a token that
 * names its first branch or no longer names any.
 */
export function touches(patterns: readonly string[], effects: readonly Effect[]): boolean {
  return effects.some(({ direction, what }) => {
    if (direction === 'unknown') return true
    if (what.kind === 'alias') return what.target === undefined || matchesAny(patterns, what.name, what.target)
    return what.kind === 'branch' && matchesAny(patterns, what.name)
  })
}

export function raisesLimits(effects: readonly Effect[]): boolean {
  return effects.some(({ direction, what }) => what.kind === 'rate' && direction === 'wider')
}
