import type { Change } from '../domain/change/change.ts'
import type { KnownStacks } from '../domain/change/known-stacks.ts'
import type { Token } from '../domain/token/token.ts'
import type { ChangeReads } from '../ports/changes.ts'
import type { LookReads } from '../ports/looks.ts'
import { named } from './known-stacks.ts'
import { isCalled, pickCalledBefore, pickPast } from './pick-token.ts'

/** How many of the newest changes are searched for the names their tokens had. */
const searched = 10_000

/**
 * The token whose past is asked for: by its uid, by a name that it has, or had when it was gone; if no token has that
 * name now, by a name that a change knew it by.
 */
export async function pastToken(store: ChangeReads & LookReads, known: KnownStacks, typed: string): Promise<Token> {
  const tokens = (await store.knownTokens()).map((token) => named(known, token))
  const gone = (await store.goneTokens()).map((token) => named(known, token))
  if (isCalled([...tokens, ...gone], typed)) return pickPast(tokens, typed, gone)
  const changes = await store.changes({ most: searched })
  const before = changes.flatMap(({ change }) => asKnownBy(named(known, change)))
  return pickCalledBefore(before, typed) ?? pickPast(tokens, typed, gone)
}

function asKnownBy({ stack, tokenUid: uid, before, after, status }: Change): Token[] {
  const settings = status === 'applied' ? [before, after] : [before]
  return settings.map((settings) => ({ stack, uid, settings }))
}
