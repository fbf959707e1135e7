import stringWidth from 'string-width'
import { distinct } from '../domain/look-alikes.ts'
import { visible } from '../domain/text.ts'
import { isolated } from '../words/text.ts'

/** No column gets narrower than this. */
const narrowest = 6
const gap = '  '
const letters = new Intl.Segmenter()

/**
 * Rows below their headings, in `columns` of a terminal, or as wide as they need if that is null: the widest cells are cut
 * first. Every cell stays on one line, with nothing invisible in it.
 */
export function table(head: readonly string[], rows: readonly (readonly string[])[], columns: number | null): string[] {
  const cells = [head, ...rows].map((row) => row.map(oneLine))
  const natural = head.map((_, i) => Math.max(...cells.map((row) => stringWidth(row[i] ?? ''))))
  const widths = columns === null ? natural : fitted(natural, columns)
  return cells.map((row) =>
    row
      .map((cell, i) => padded(cell, widths[i]!))
      .join(gap)
      .trimEnd(),
  )
}

/** The text on one line, with every invisible character spelled out. */
export function oneLine(text: string): string {
  return visible(text).replaceAll('\n', '⟨U+000A⟩')
}

/** A name as on cards: lookalike characters are spelled out, and right-to-left letters stay apart. */
export function distinctly(name: string): string {
  return isolated(distinct(name))
}

/** `2026-06-01 09:00 UTC` */
export function moment(iso: string): string {
  return `${iso.slice(0, 16).replace('T', ' ')} UTC`
}

function fitted(natural: readonly number[], columns: number): number[] {
  const widths = [...natural]
  const room = columns - gap.length * (widths.length - 1)
  for (let over = widths.reduce((sum, width) => sum + width, 0) - room; over > 0; over--) {
    const widest = Math.max(...widths)
    if (widest <= narrowest) break
    widths[widths.lastIndexOf(widest)] = widest - 1
  }
  return widths
}

function padded(text: string, width: number): string {
  const taken = stringWidth(text)
  return taken <= width ? text + ' '.repeat(width - taken) : padded(`${cut(text, width - 1)}…`, width)
}

/** As much of it as fits. What is one letter to a reader stays whole. */
function cut(text: string, width: number): string {
  let kept = ''
  for (const { segment } of letters.segment(text)) {
    if (stringWidth(kept + segment) > width) break
    kept += segment
  }
  return kept
}
