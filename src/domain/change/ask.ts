import { same } from '../token/diff.ts'
import { withoutTargets } from '../token/targets.ts'
import type { Settings } from '../token/token.ts'
import type { Reverts } from './reverts.ts'

/** What somebody asks for: how a token is to be, why, and what that undoes, if it undoes anything. */
export type Ask = {
  readonly after: Settings
  readonly reason: string
  readonly reverts?: Reverts | null | undefined
}

type InWords = Pick<Ask, 'after' | 'reason'>

/** True where two people, or one of them twice, ask for the same in the same words. Nobody asks for what an alias points to. */
export function sameAsk(one: InWords, other: InWords): boolean {
  return same(withoutTargets(one.after), other.after) && one.reason === other.reason
}
