import { operatorOf } from '../domain/operator.ts'
import { inUtc } from './instants.ts'
import type { Piece } from './pieces.ts'
import { isolated, oneLine, shortLine } from './text.ts'
import { operatorInWords, saidLimit, type Word, type Words } from './words.ts'

/** The name of a person, a user group or an operator, by id. */
export type Who = (id: string) => string

/** A card as lines of text. Text that somebody wrote is quoted, so that it can't pass for the app's own words. */
export function plainLines(pieces: readonly Piece[], who: Who): string[] {
  return pieces.flatMap((piece) =>
    piece.kind === 'line'
      ? [plainLine(piece.words, who)]
      : piece.text.split('\n').map((line) => `  | ${oneLine(line)}`),
  )
}

export function plainLine(words: Words, who: Who): string {
  return oneLine(words.map((word) => plain(word, who)).join(''))
}

/** The people and user groups that are mentioned; the terminal knows operators' names itself. */
export function mentionedIn(pieces: readonly Piece[]): string[] {
  return pieces.flatMap((piece) => (piece.kind === 'line' ? piece.words.flatMap(mentioned) : []))
}

function mentioned(word: Word): string[] {
  if (typeof word === 'string') return []
  if ('person' in word) return operatorOf(word.person) === null ? [word.person] : []
  return 'group' in word ? [word.group] : []
}

function plain(word: Word, who: Who): string {
  if (typeof word === 'string') return isolated(oneLine(word))
  if ('strong' in word) return isolated(oneLine(word.strong))
  if ('said' in word) return quoted(word.said)
  if ('person' in word) return plainPerson(word.person, who)
  if ('group' in word) return who(word.group)
  return 'at' in word ? inUtc(word.at, word.seconds) : word.name
}

function plainPerson(id: string, who: Who): string {
  const user = operatorOf(id)
  return user === null ? who(id) : quoted(operatorInWords(user))
}

function quoted(text: string): string {
  return `"${isolated(shortLine(text, saidLimit))}"`
}
