import { visible } from '../domain/text.ts'
import { orBlank } from './text.ts'
import type { Word, Words } from './words.ts'

/** One thing on a page: a line of the app's own, or a text that somebody wrote, set apart from it. */
export type Piece =
  | { readonly kind: 'line'; readonly words: Words }
  | { readonly kind: 'quote'; readonly text: string }
  | { readonly kind: 'verbatim'; readonly text: string }

export function line(...words: Word[]): Piece {
  return { kind: 'line', words }
}

export function quote(text: string): Piece {
  return { kind: 'quote', text: orBlank(visible(text)) }
}

/** A value, character by character. */
export function verbatim(text: string): Piece {
  return { kind: 'verbatim', text: orBlank(visible(text)) }
}
