import type { Change } from '../domain/change/change.ts'
import type { Edit } from '../domain/change/edit.ts'
import type { ChangeEvent } from '../domain/change/event.ts'
import { aliasesOf, type Pointing, pointing, withTargets } from '../domain/token/targets.ts'
import type { Settings, Token } from '../domain/token/token.ts'
import type { LookReads } from '../ports/looks.ts'

type Known = LookReads

/** A stack keeps the names of aliases with a token, and where they point elsewhere: this brings the two together. */
export function pointingToken(token: Token, facts: Pointing | null): Token {
  const { settings } = token
  if (settings.aliases.length === 0) return token
  return { ...token, settings: withTargets(settings, settings.aliases, [facts ?? {}]) }
}

/** An edit with where its aliases are known to point. */
export async function pointingAsKnown<E extends Pick<Edit, 'stack' | 'before' | 'after'>>(
  store: Known,
  edit: E,
): Promise<E> {
  return aliasesOf(edit).length === 0 ? edit : pointing(edit, await store.knownFacts(edit.stack))
}

/** A token as a look found it, with where all aliases point that matter to a change of it. */
export function asChangeSees(change: Change, live: Settings, facts: Pointing | null): Settings {
  return withTargets(live, [...live.aliases, ...aliasesOf(change)], [facts ?? {}])
}

/** A stop also says where aliases point, so that a rebase asks for what they reach then. */
export function asFound(change: Change, event: ChangeEvent | null, facts: Pointing | null): ChangeEvent | null {
  if (event?.type !== 'drift_found') return event
  return { ...event, live: asChangeSees(change, event.live, facts) }
}
