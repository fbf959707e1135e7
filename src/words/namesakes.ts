import { distinct } from '../domain/look-alikes.ts'
import { line, type Piece } from './pieces.ts'
import { count } from './text.ts'

const most = 5

/** Warns that a change gives its token a `name` that these other tokens of the stack already have. */
export function namesakesInWords(name: string, uids: readonly string[]): Piece[] {
  if (uids.length === 0) return []
  const more = uids.length > most ? ` and ${count(uids.length - most, 'more', 'more')}` : ''
  const others = uids.length === 1 ? 'Another token of this stack is' : 'Other tokens of this stack are'
  const [uid, them] = uids.length === 1 ? ['uid', 'the two'] : ['uids', 'them']
  return [
    line(
      `${others} already called `,
      { said: distinct(name) },
      `, with the ${uid} `,
      { said: uids.slice(0, most).join(', ') },
      `${more}: only the uid will tell ${them} apart.`,
    ),
  ]
}
