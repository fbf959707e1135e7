import type { Effect } from '../token/effect.ts'
import type { Module } from '../token/token.ts'
import { matchesAny } from './glob.ts'

/** Access that is not understood counts as gained, whatever was asked about: nobody can say that it was not. */
export function gains(gain: 'write' | '$all' | Module, effects: readonly Effect[]): boolean {
  return effects.some(({ direction, what }) => {
    if (direction === 'unknown') return true
    if (what.kind !== 'access' || direction !== 'wider') return false
    return gain === 'write' ? what.after === 'write' : what.to === gain
  })
}

/**
 * By what is added or taken away, as the verdict sees it: an alias goes by its name, and by that of the branch that it is known to
 * point to. What is not understood may reach anything, as may an alias of which nobody knows where it points, and a token that names its first branch, or none any more.
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
