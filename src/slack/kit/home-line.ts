import { line, type Piece } from '../../words/pieces.ts'
import { shortened, type Word } from '../../words/words.ts'

/** Of what somebody wrote, on Home: a view holds 250 kB in all. Source: slack.md §2. */
export const mostSaid = 60

/** A line of Home, where names are cut: cards and the tokens themselves show them whole. */
export function homeLine(...words: Word[]): Piece {
  return line(...shortened(words, mostSaid))
}
