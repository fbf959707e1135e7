import { visible } from '../domain/text.ts'

/** Cuts between code points, never inside one, so that no more than `max` UTF-16 units are left, the "…" included. */
export function clip(text: string, max: number): string {
  if (text.length <= max) return text
  const end = Math.max(0, isPair(text, max - 2) ? max - 2 : max - 1)
  return `${text.slice(0, end)}…`
}

/** The same text in parts of at most `size` UTF-16 units, cut between code points. An empty text has no parts. */
export function chunks(text: string, size: number): string[] {
  const parts: string[] = []
  for (let start = 0, end = 0; start < text.length; start = end) {
    end = Math.min(start + size, text.length)
    if (end - 1 > start && isPair(text, end - 1)) end--
    parts.push(text.slice(start, end))
  }
  return parts
}

/** Whether the UTF-16 units at `index` and after it are one code point. */
function isPair(text: string, index: number): boolean {
  return text.codePointAt(index)! > 0xffff
}

/** Text that has to stay on one line: a newline is spelled out like any other character that nobody sees. */
export function oneLine(text: string): string {
  return visible(text).replaceAll('\n', '⟨U+000A⟩')
}

/** Slack refuses empty text, and nobody can see a blank one. */
export function orBlank(text: string): string {
  return text.trim() === '' ? '(blank)' : text
}

/** A line of at most `max` characters. Spelling out makes no text shorter, so no more of it is read than has room. */
export function shortLine(text: string, max: number): string {
  const start = oneLine(text.slice(0, max + 1))
  return clip(start.trim() === '' ? orBlank(oneLine(text)) : start, max)
}

/** Letters that run from right to left, by the blocks of Unicode that are kept for them. */
const rightToLeft = /[\u0590-\u08FF\uFB1D-\uFDFF\uFE70-\uFEFC\u{10800}-\u{10FFF}\u{1E800}-\u{1EFFF}]/u

/**
 * A text that has been made visible, as one thing to whoever lays the line out: between two of them, letters from right to left
 * would turn an arrow round.
 */
export function isolated(text: string): string {
  return rightToLeft.test(text) ? `\u2068${text}\u2069` : text
}

/** `1 approval`, `2 approvals` */
export function count(n: number, one: string, many = `${one}s`): string {
  return `${inDigits(n)} ${n === 1 ? one : many}`
}

/** `toLocaleString` takes longer than all else about a line, and is needed for what has a comma in it. */
function inDigits(n: number): string {
  return Number.isInteger(n) && n >= 0 && n < 1000 ? String(n) : n.toLocaleString('en')
}
