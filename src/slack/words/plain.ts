import type { RichTextElement } from '@slack/types'
import { oneLine } from '../kit/blocks.ts'
import type { Piece } from '../kit/layout.ts'

/** Who somebody is, by their id: a person, a user group, an operator. */
export type Who = (id: string) => string

/** What a card says, as lines of text. What somebody wrote is quoted, so that it can't pass for the words around it. */
export function plainLines(pieces: readonly Piece[], who: Who): string[] {
  return pieces.flatMap((piece) =>
    piece.kind === 'line'
      ? [plainLine(piece.elements, who)]
      : piece.text.split('\n').map((line) => `  | ${oneLine(line)}`),
  )
}

export function plainLine(elements: readonly RichTextElement[], who: Who): string {
  return oneLine(elements.map((element) => plain(element, who)).join(''))
}

/** The people and user groups that are mentioned. */
export function mentionedIn(pieces: readonly Piece[]): string[] {
  return pieces.flatMap((piece) => (piece.kind === 'line' ? piece.elements.flatMap(mentioned) : []))
}

function mentioned(element: RichTextElement): string[] {
  if (element.type === 'user') return [element.user_id]
  return element.type === 'usergroup' ? [element.usergroup_id] : []
}

function plain(element: RichTextElement, who: Who): string {
  switch (element.type) {
    case 'text':
      return element.style?.code ? `"${element.text}"` : element.text
    case 'link':
      return element.text ?? element.url
    case 'date':
      return element.fallback ?? ''
    default:
      return mentioned(element).map(who).join('')
  }
}
