import type { RichTextBlock, RichTextBlockElement, RichTextElement, RichTextText } from '@slack/types'
import type { Piece } from '../../words/pieces.ts'
import { chunks } from '../../words/text.ts'
import { limits } from './blocks.ts'
import { rich } from './rich.ts'

/** A piece as Slack takes it: a line, or as much text as one leaf holds. */
type Laid =
  | { readonly kind: 'line'; readonly elements: RichTextElement[] }
  | { readonly kind: 'quote' | 'verbatim'; readonly text: string }

/**
 * The sections as blocks, none of them cut: at most 3,000 characters a block as long as `maxBlocks` allows it,
 * otherwise fuller blocks, always of leaves within the limit. There must be at least as many blocks as sections.
 */
export function pack(sections: readonly (readonly Piece[])[], maxBlocks: number): RichTextBlock[] {
  const wanted = sections.map((pieces) => pieces.flatMap(laid)).filter((pieces) => pieces.length > 0)
  for (let budget: number = limits.text; ; budget *= 2) {
    const blocks = wanted.flatMap((pieces) => packSection(pieces, budget))
    if (blocks.length <= Math.max(maxBlocks, wanted.length)) return blocks
  }
}

function laid(piece: Piece): Laid[] {
  if (piece.kind === 'line') return [{ kind: 'line', elements: rich(piece.words) }]
  return chunks(piece.text, limits.text).map((text) => ({ kind: piece.kind, text }))
}

function packSection(pieces: readonly Laid[], budget: number): RichTextBlock[] {
  const groups: Laid[][] = []
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

function sizeOf(piece: Laid): number {
  if (piece.kind !== 'line') return piece.text.length
  return piece.elements.reduce((sum, element) => sum + (element.type === 'text' ? element.text.length : 30), 1)
}

/** Consecutive lines share a section, separated by newlines: Slack does not say that sections start a new line. */
function elementsOf(pieces: readonly Laid[]): RichTextBlockElement[] {
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
