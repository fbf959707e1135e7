import type { Names } from '../token/find.ts'
import { type Complaint, readQuick } from './command.ts'

/** Places at which a word is tried: a line may be full of it. */
const mostTries = 20

/** The line with the word that was meant in place of the one that can't be read; null if that can't be read either. */
export function corrected(
  typed: string,
  { word, meant }: Pick<Complaint, 'word' | 'meant'>,
  isToken: Names,
): string | null {
  if (word === null || meant === null) return null
  let at = typed.indexOf(word)
  for (let tries = 0; at >= 0 && tries < mostTries; tries++, at = typed.indexOf(word, at + 1)) {
    const line = `${typed.slice(0, at)}${meant}${typed.slice(at + word.length)}`
    if ('command' in readQuick(line, isToken)) return line
  }
  return null
}
