import type { Token } from './token.ts'

export type Found =
  | { readonly kind: 'one'; readonly token: Token }
  | { readonly kind: 'several' | 'near'; readonly tokens: readonly Token[] }

const nearAtMost = 5

/** The token that a person means by a name or uid: exactly that one, several of that name, or the nearest ones. */
export function findToken(tokens: readonly Token[], text: string): Found {
  const wanted = plain(text)
  const exact = tokens.filter((token) => token.uid === text.trim() || plain(token.settings.name) === wanted)
  if (exact.length === 1) return { kind: 'one', token: exact[0]! }
  if (exact.length > 1) return { kind: 'several', tokens: exact }
  return { kind: 'near', tokens: nearest(tokens, wanted).slice(0, nearAtMost) }
}

/** For type-ahead: tokens whose name, uid or stack holds what was typed, those that begin with it first. */
export function suggest(tokens: readonly Token[], typed: string): Token[] {
  const wanted = plain(typed)
  const rank = (token: Token) => {
    const name = plain(token.settings.name)
    if (name.startsWith(wanted)) return 0
    if (name.includes(wanted)) return 1
    return token.uid.includes(typed.trim()) || token.stack.includes(wanted) ? 2 : 3
  }
  return tokens
    .map((token) => ({ token, rank: rank(token) }))
    .filter((entry) => entry.rank < 3)
    .sort((a, b) => a.rank - b.rank || a.token.settings.name.localeCompare(b.token.settings.name))
    .map((entry) => entry.token)
}

function nearest(tokens: readonly Token[], wanted: string): Token[] {
  const holding = suggest(tokens, wanted)
  const close = tokens
    .map((token) => ({ token, distance: distance(plain(token.settings.name), wanted) }))
    .filter(({ token, distance }) => distance <= Math.max(2, wanted.length / 3) && !holding.includes(token))
    .sort((a, b) => a.distance - b.distance)
  return [...holding, ...close.map((entry) => entry.token)]
}

function plain(text: string): string {
  return text.trim().toLowerCase()
}

/** Levenshtein: how many letters to insert, delete or replace. */
function distance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, i) => i)
  for (let i = 1; i <= a.length; i++) {
    const next = [i]
    for (let j = 1; j <= b.length; j++)
      next[j] = Math.min(row[j]! + 1, next[j - 1]! + 1, row[j - 1]! + (a[i - 1] === b[j - 1] ? 0 : 1))
    row = next
  }
  return row[b.length]!
}
