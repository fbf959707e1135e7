import type { Words } from '../../words/words.ts'

type Typed = {
  /** A name or uid that no token, or no single one, has. */
  readonly typed: string
  /** Those that it may mean. */
  readonly tokens: readonly unknown[]
  /** What could not be read: while there is any, a token of that name may be there unseen. */
  readonly notes?: readonly string[]
}

/** What is said of such a name, wherever it was typed, without a full stop. That none is called so only where everything could be listed. */
export function unknownName({ typed, tokens, notes = [] }: Typed): Words {
  const name = { said: typed }
  const kind = tokens.length > 0 ? 'No single token' : 'No token'
  if (notes.length > 0) return [`${kind} called `, name, ' has been seen here so far']
  if (tokens.length > 0) return [`${kind} is called `, name]
  return ['No token is called ', name, ', and nothing is called much like it']
}

/** The way to a token whose name is not known, where everything could be listed. */
export function howToFind({ tokens, notes = [] }: Typed): Words {
  if (tokens.length > 0 || notes.length > 0) return []
  return ['; ', { said: '/token' }, ' finds any of them by part of its name']
}
