import { distance } from './nearest.ts'
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

/** Whether a text is the name or uid of one or more of these tokens: for asking about many texts. */
export function namesOf(tokens: readonly Token[]): (text: string) => boolean {
  const uids = new Set(tokens.map(({ uid }) => uid))
  const names = new Set(tokens.map(({ settings }) => plain(settings.name)))
  return (text) => uids.has(text.trim()) || names.has(plain(text))
}

/** For type-ahead: tokens whose name, uid or stack holds what was typed, those that begin with it first. */
export function suggest(tokens: readonly Token[], typed: string): Token[] {
  const wanted = plain(typed)
  const rank = (token: Token) => {
    const name = plain(token.settings.name)
    if (name.startsWith(wanted)) return 0
    if (name.includes(wanted)) return 1
    return token.uid.includes(typed.trim()) || (token.stackName ?? token.stack).includes(wanted) ? 2 : 3
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
