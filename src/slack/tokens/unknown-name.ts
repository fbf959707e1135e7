import type { Words } from '../../words/words.ts'

type Typed = {
  /** A name or uid that no token has, or more than one. */
  readonly typed: string
  /** The tokens it may mean. */
  readonly tokens: readonly unknown[]
  /** Tokens that could not be read: while there are any, one of that name may be among them. */
  readonly notes?: readonly string[]
}

/**
 * Words for such a name, wherever it was typed, without a full stop. Says that no token is called that only if
 * everything could be listed.
 */
export function unknownName({ typed, tokens, notes = [] }: Typed): Words {
  const name = { said: typed }
  if (tokens.length > 1) return ['It is not clear which token ', name, ' means']
  if (notes.length > 0) return ['No token called ', name, ' has been seen here so far']
  return ['No token is called ', name, ...(tokens.length === 0 ? [', and there are no similar names'] : [])]
}

/** The question before the tokens that it may mean. */
export function whichIsMeant({ tokens }: Pick<Typed, 'tokens'>): string {
  return tokens.length === 1 ? '. Did you mean this one?' : '. Choose the one you mean:'
}

/** How to find a token of unknown name, if everything could be listed. */
export function howToFind({ tokens, notes = [] }: Typed): Words {
  if (tokens.length > 0 || notes.length > 0) return []
  return ['; ', { said: '/token' }, ' finds any of them by part of its name']
}
