import { line, type Piece } from '../../words/pieces.ts'
import { shortened, type Word } from '../../words/words.ts'

/** How much of somebody's text is shown on Home: a view holds 250 kB in all. Source: slack.md §2. */
export const mostSaid = 60

/** A line of Home, with names cut: cards and the tokens themselves show them in full. */
export function homeLine(...words: Word[]): Piece {
  return line(...shortened(words, mostSaid))
}
