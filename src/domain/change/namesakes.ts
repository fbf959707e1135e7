import { sameName } from '../token/find.ts'
import type { Token } from '../token/token.ts'
import type { Change } from './change.ts'

type Rename = Pick<Change, 'stack' | 'tokenUid' | 'before' | 'after'>

/**
 * The uids of other tokens of the stack with the name that an edit gives this one: nobody could tell them apart by it.
 */
export function namesakesOf({ stack, tokenUid, before, after }: Rename, tokens: readonly Token[]): string[] {
  if (sameName(before.name, after.name)) return []
  return tokens
    .filter((token) => token.stack === stack && token.uid !== tokenUid && sameName(token.settings.name, after.name))
    .map(({ uid }) => uid)
}
