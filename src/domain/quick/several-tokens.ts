import type { Names } from '../token/find.ts'
import { quoted } from './quoted.ts'
import { type Wrong, wrong } from './reading.ts'
import { canRead, type QuickVerb } from './verbs.ts'

/** The part of a line behind its first token, without the reason. */
type Said = { readonly verb: QuickVerb; readonly token: string; readonly head: string }

/** Asks about `ci-deploy and preview by 90d`, which names more than one token: null if it does not. */
export function severalTokens({ verb, token, head }: Said, isToken: Names): { readonly wrong: Wrong } | null {
  if (knownAs(token, isToken) === null) return null
  const tokens = [token]
  let rest = head
  for (let next = tokenAt(rest, isToken); next; next = tokenAt(rest, isToken)) {
    tokens.push(next.token)
    rest = next.rest
  }
  if (tokens.length === 1 || !canRead(verb, rest)) return null
  const says = 'This names several tokens, and a line is about one.'
  return wrong(null, says, null, () => tokens.map((one) => ({ token: one, head: rest })))
}

const link = /^(?:[,;&+]+|and\b|plus\b)*\s*(?:and\b\s*)?/i

/** The known token that a text begins with, after a word that links it to what was said before, and the rest. */
export function tokenAt(text: string, isToken: Names): { readonly token: string; readonly rest: string } | null {
  const named = text.trim().replace(link, '')
  const whole = quoted(named)
  if (whole && isToken(whole.value)) return { token: whole.value, rest: whole.rest.trim() }
  for (const end of wordEnds(named).slice(0, mostWords).reverse()) {
    const token = knownAs(named.slice(0, end), isToken)
    if (token !== null) return { token, rest: named.slice(end).trim() }
  }
  return null
}

/** Words in a token's name. */
export const mostWords = 20

export function wordEnds(text: string): number[] {
  return [...text.matchAll(/\S+/g)].map((word) => word.index + word[0].length)
}

/** The token that a text names, perhaps in Slack's marks for bold, italic, struck text or code; null if it names none. */
export function knownAs(text: string, isToken: Names): string | null {
  if (isToken(text)) return text
  const [, marks = '', name = ''] = /^([*_~`]*)(.+?)[*_~`]*[,:!]?$/s.exec(text) ?? []
  return (marks !== '' || /[,:!]$/.test(text)) && isToken(name) ? name : null
}
