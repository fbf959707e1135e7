import { same } from '../token/diff.ts'
import { withoutTargets } from '../token/targets.ts'
import type { Settings } from '../token/token.ts'
import type { Reverts } from './reverts.ts'

/** A request: how a token should be, why, and what that undoes, if anything. */
export type Ask = {
  readonly after: Settings
  readonly reason: string
  readonly reverts?: Reverts | null | undefined
}

type InWords = Pick<Ask, 'after' | 'reason'>

/**
 * True if two people, or one of them twice, ask for the same in the same words. Nobody asks for where an alias points.
 */
export function sameAsk(one: InWords, other: InWords): boolean {
  return same(withoutTargets(one.after), other.after) && one.reason === other.reason
}
