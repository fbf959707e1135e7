import type { RichTextBlock, RichTextBlockElement, RichTextElement, RichTextText } from '@slack/types'
import { visible } from '../../domain/text.ts'
import { rich, type Word } from '../words/words.ts'
import { chunks, limits, orBlank } from './blocks.ts'

/** One thing on a page: a line of the app's own, or what somebody wrote, set apart from it. */
export type Piece =
  | { readonly kind: 'line'; readonly elements: RichTextElement[] }
  | { readonly kind: 'quote'; readonly text: string }
  | { readonly kind: 'verbatim'; readonly text: string }

export function line(...words: Word[]): Piece {
  return { kind: 'line', elements: rich(words) }
}

/** What somebody said, whole, over as many pieces as it takes. */
export function quote(text: string): Piece[] {
  return chunks(orBlank(visible(text))).map((part) => ({ kind: 'quote', text: part }))
}

/** A value, whole, character by character, over as many pieces as it takes. */
export function verbatim(text: string): Piece[] {
  return chunks(orBlank(visible(text))).map((part) => ({ kind: 'verbatim', text: part }))
}

/**
 * The sections as blocks, none of them cut: at most 3,000 characters a block as long as `maxBlocks` allows it, else
 * fuller blocks, always of leaves within the limit. There have to be at least as many blocks as sections.
 */
export function pack(sections: readonly (readonly Piece[])[], maxBlocks: number): RichTextBlock[] {
  const wanted = sections.filter((pieces) => pieces.length > 0)
  for (let budget: number = limits.text; ; budget *= 2) {
    const blocks = wanted.flatMap((pieces) => packSection(pieces, budget))
    if (blocks.length <= Math.max(maxBlocks, wanted.length)) return blocks
  }
}

function packSection(pieces: readonly Piece[], budget: number): RichTextBlock[] {
  const groups: Piece[][] = []
  let room = 0
  for (const piece of pieces) {
    const size = sizeOf(piece)
    if (groups.length === 0 || size > room) {
      groups.push([])
      room = budget
    }
    groups.at(-1)!.push(piece)
    room -= size
  }
  return groups.map((group) => ({ type: 'rich_text', elements: elementsOf(group) }))
}

function sizeOf(piece: Piece): number {
  if (piece.kind !== 'line') return piece.text.length
  return piece.elements.reduce((sum, element) => sum + (element.type === 'text' ? element.text.length : 30), 1)
}

/** Lines that follow one another share a section, parted by newlines: Slack does not say that sections start a new line. */
function elementsOf(pieces: readonly Piece[]): RichTextBlockElement[] {
  const elements: RichTextBlockElement[] = []
  for (const piece of pieces) {
    const last = elements.at(-1)
    if (piece.kind === 'line') {
      if (last?.type === 'rich_text_section') last.elements.push(leaf('\n'), ...piece.elements)
      else elements.push({ type: 'rich_text_section', elements: [...piece.elements] })
    } else {
      const type = piece.kind === 'quote' ? 'rich_text_quote' : 'rich_text_preformatted'
      elements.push({ type, elements: [leaf(piece.text)] })
    }
  }
  return elements
}

function leaf(text: string): RichTextText {
  return { type: 'text', text }
}
