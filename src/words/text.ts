import { visible } from '../domain/text.ts'

/** Cuts between code points, so that at most `max` UTF-16 units are left, including the "…". */
export function clip(text: string, max: number): string {
  if (text.length <= max) return text
  const end = Math.max(0, isPair(text, max - 2) ? max - 2 : max - 1)
  return `${text.slice(0, end)}…`
}

/** Cuts a text between code points into parts of at most `size` UTF-16 units. An empty text has no parts. */
export function chunks(text: string, size: number): string[] {
  const parts: string[] = []
  for (let start = 0, end = 0; start < text.length; start = end) {
    end = Math.min(start + size, text.length)
    if (end - 1 > start && isPair(text, end - 1)) end--
    parts.push(text.slice(start, end))
  }
  return parts
}

/** True if the UTF-16 units at `index` and after it are one code point. */
function isPair(text: string, index: number): boolean {
  return text.codePointAt(index)! > 0xffff
}

/** For text that has to stay on one line: a newline is spelled out like any other invisible character. */
export function oneLine(text: string): string {
  return visible(text).replaceAll('\n', '⟨U+000A⟩')
}

/** Slack refuses empty text, and nobody can see a blank one. */
export function orBlank(text: string): string {
  return text.trim() === '' ? '(blank)' : text
}

/** A line of at most `max` characters. Spelling out never makes a text shorter, so only that much of it is read. */
export function shortLine(text: string, max: number): string {
  const start = oneLine(text.slice(0, max + 1))
  return clip(start.trim() === '' ? orBlank(oneLine(text)) : start, max)
}

/** Letters that run from right to left, by the Unicode blocks kept for them. */
const rightToLeft = /[\u0590-\u08FF\uFB1D-\uFDFF\uFE70-\uFEFC\u{10800}-\u{10FFF}\u{1E800}-\u{1EFFF}]/u

/**
 * Keeps a visible text together for whoever lays out the line: between two of them, right-to-left letters would turn an
 * arrow around.
 */
export function isolated(text: string): string {
  return rightToLeft.test(text) ? `\u2068${text}\u2069` : text
}

/** `1 approval`, `2 approvals` */
export function count(n: number, one: string, many = `${one}s`): string {
  return `${inDigits(n)} ${n === 1 ? one : many}`
}

/** `toLocaleString` takes longer than the rest of a line, and only a number with a comma needs it. */
function inDigits(n: number): string {
  return Number.isInteger(n) && n >= 0 && n < 1000 ? String(n) : n.toLocaleString('en')
}
