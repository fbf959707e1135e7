import { distinct } from '../domain/look-alikes.ts'
import { visible } from '../domain/text.ts'
import { isolated } from '../words/text.ts'

/** No column is cut to less than this. */
const narrowest = 6
const gap = '  '

/**
 * Rows below their headings, as many characters wide as `columns`, or as wide as they are with null: then the widest
 * cells are cut first. Whatever a cell holds stays on its line, and can be seen.
 */
export function table(head: readonly string[], rows: readonly (readonly string[])[], columns: number | null): string[] {
  const cells = [head, ...rows].map((row) => row.map(oneLine))
  const natural = head.map((_, i) => Math.max(...cells.map((row) => lengthOf(row[i] ?? ''))))
  const widths = columns === null ? natural : fitted(natural, columns)
  return cells.map((row) =>
    row
      .map((cell, i) => padded(cell, widths[i]!))
      .join(gap)
      .trimEnd(),
  )
}

/** The same text on one line, with nothing in it that can't be seen. */
export function oneLine(text: string): string {
  return visible(text).replaceAll('\n', '⟨U+000A⟩')
}

/** A name as cards have it: what makes it look like another is spelled out, and letters from right to left stay apart. */
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
  const length = lengthOf(text)
  if (length <= width) return text + ' '.repeat(width - length)
  return `${[...text].slice(0, width - 1).join('')}…`
}

function lengthOf(text: string): number {
  return [...text].length
}
