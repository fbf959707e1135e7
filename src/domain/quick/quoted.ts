/** Slack's clients turn straight quotes into curly ones as people type, so any quote of a kind closes any other of that kind. */
const kinds = ['"“”„', "'‘’", '`']
const quotes = kinds.join('')

/**
 * Reads a quoted text at the start. It ends at the same kind of quote followed by a space, a comma or nothing, so that
 * `'bob's robot'` is one name. A backslash before a quote or a backslash stands for that character itself. Null if no quote
 * opens or none closes it: then a quote is a character like any other.
 */
export function quoted(text: string): { readonly value: string; readonly rest: string } | null {
  const kind = text === '' ? undefined : kinds.find((marks) => marks.includes(text[0]!))
  if (kind === undefined) return null
  let value = ''
  for (let i = 1; i < text.length; i++) {
    const [character, next] = [text[i]!, text[i + 1]]
    if (character === '\\' && next !== undefined && (next === '\\' || quotes.includes(next))) {
      value += next
      i++
    } else if (kind.includes(character) && (next === undefined || /[\s,]/.test(next)))
      return { value, rest: text.slice(i + 1) }
    else value += character
  }
  return null
}

/** Puts any text in quotes so that `quoted` reads exactly that text. */
export function inQuotes(value: string): string {
  return `"${value.replace(/[\\"“”„]/g, '\\$&')}"`
}

/** A name as it can be typed in any line: in quotes unless it is one plain word. */
export function inLine(name: string): string {
  return /^[\w.-]+$/.test(name) ? name : inQuotes(name)
}

/**
 * Splits at the first word `because` that is not in quotes; `reason` is null without it. A comma or a dash right before it
 * belongs to the sentence.
 */
export function cutAtBecause(text: string): { readonly head: string; readonly reason: string | null } {
  const because = wordsOf(text).find((word) => /^because:?$/i.test(word.text))
  if (!because) return { head: text.trim(), reason: null }
  const head = text.slice(0, because.start).trim()
  return { head: head.replace(/(?:[,;]|\s[-–—])$/, '').trim(), reason: text.slice(because.end).trim() }
}

/** The words of a text, and where each is. */
export function wordsOf(text: string): { readonly text: string; readonly start: number; readonly end: number }[] {
  const words: { text: string; start: number; end: number }[] = []
  const unclosed = new Set<string>()
  let at = text.length - text.trimStart().length
  while (at < text.length) {
    const end = endOfWord(text, at, unclosed)
    words.push({ text: text.slice(at, end), start: at, end })
    at = end
    while (at < text.length && /\s/.test(text[at]!)) at++
  }
  return words
}

/**
 * A quoted text is one word, with or without a sign before it. A quote that nothing closes from here is not closed from
 * further on either, so it is not looked for again: a long line of quotes takes no longer than others.
 */
function endOfWord(text: string, from: number, unclosed: Set<string>): number {
  const start = /[+\-–—−]/.test(text[from]!) ? from + 1 : from
  const kind = kinds.find((marks) => marks.includes(text[start] ?? ' '))
  const whole = kind === undefined || unclosed.has(kind) ? null : quoted(text.slice(start))
  if (whole) return text.length - whole.rest.length
  if (kind !== undefined) unclosed.add(kind)
  const space = text.slice(from).search(/\s/)
  return space < 0 ? text.length : from + space
}

/** True for more than anybody says at once: what it may have meant is not looked for, which would keep everybody waiting. */
export function isTooLongToGuess(head: string): boolean {
  return head.length > 400
}
