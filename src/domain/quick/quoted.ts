/** Slack's clients turn straight quotes into curly ones as they are typed, so that either closes what any of its kind opens. */
const kinds = ['"“”„', "'‘’"]
const quotes = kinds.join('')

/**
 * A text that begins with a quote is whole up to the same kind of quote with a space, a comma or nothing behind it, so
 * that `'bob's robot'` is one name. A backslash before a quote or a backslash stands for that character itself. Null when
 * nothing is opened, or nothing closes it: then a quote is a character like any other.
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

/** The text so that `quoted` reads the very same, whatever is in it. */
export function inQuotes(value: string): string {
  return `"${value.replace(/[\\"“”„]/g, '\\$&')}"`
}

/** A name as it can stand in any line: in quotes unless it is one plain word. */
export function inLine(name: string): string {
  return /^[\w.-]+$/.test(name) ? name : inQuotes(name)
}

/**
 * What stands before the first word `because`, and what behind it; `reason` is null without that word. Within quotes it
 * is a word like any other.
 */
export function cutAtBecause(text: string): { readonly head: string; readonly reason: string | null } {
  let at = 0
  const unclosed = new Set<string>()
  while (at < text.length) {
    const end = endOfWord(text, at, unclosed)
    if (/^because:?$/i.test(text.slice(at, end)))
      return { head: text.slice(0, at).trim(), reason: text.slice(end).trim() }
    at = end
    while (at < text.length && /\s/.test(text[at]!)) at++
  }
  return { head: text.trim(), reason: null }
}

/**
 * A quoted text is one word, with or without a sign before it. What nothing closes from here, nothing closes from further
 * on: it is not looked for again, so that a long line of quotes takes no longer than others.
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
