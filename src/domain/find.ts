import { distanceWithin } from './nearest.ts'
import type { Token } from './token.ts'

export type Found =
  | { readonly kind: 'one'; readonly token: Token }
  | { readonly kind: 'several' | 'near'; readonly tokens: readonly Token[] }

const nearAtMost = 5

/** The token that a person means by a name or uid: exactly that one, several of that name, or the nearest ones. */
export function findToken(tokens: readonly Token[], text: string): Found {
  const exact = allCalled(tokens, text)
  if (exact.length === 1) return { kind: 'one', token: exact[0]! }
  if (exact.length > 1) return { kind: 'several', tokens: exact }
  const [index, wanted] = [indexOf(tokens), plain(text)]
  if (index.near?.wanted !== wanted) index.near = { wanted, found: nearest(tokens, wanted) }
  return { kind: 'near', tokens: index.near.found }
}

/** Whether a text is the name or uid of one or more of these tokens: for asking about many texts. */
export function namesOf(tokens: readonly Token[]): (text: string) => boolean {
  const { byUid, byName } = indexOf(tokens)
  return (text) => byUid.has(text.trim()) || byName.has(plain(text))
}

/** As `findToken` takes names for the same. */
export function sameName(one: string, other: string): boolean {
  return plain(one) === plain(other)
}

/** Every one of these tokens that a text is the name or uid of. */
export function allCalled<T extends Token>(tokens: readonly T[], text: string): T[] {
  const { byUid, byName } = indexOf(tokens)
  const places = new Set([...(byUid.get(text.trim()) ?? []), ...(byName.get(plain(text)) ?? [])])
  return [...places].sort((a, b) => a - b).map((place) => tokens[place]!)
}

/** For type-ahead: at most `most` tokens whose name, uid or stack holds what was typed, those that begin with it first. */
export function suggest(tokens: readonly Token[], typed: string, most: number): Token[] {
  const { names } = indexOf(tokens)
  const [wanted, part] = [plain(typed), typed.trim()]
  const ranked: Token[][] = [[], [], []]
  tokens.forEach((token, place) => {
    const name = names[place]!
    if (name.startsWith(wanted)) ranked[0]!.push(token)
    else if (name.includes(wanted)) ranked[1]!.push(token)
    else if (token.uid.includes(part) || (token.stackName ?? token.stack).includes(wanted)) ranked[2]!.push(token)
  })
  const found: Token[] = []
  for (const alike of ranked) if (found.length < most) found.push(...firstByName(alike, most - found.length))
  return found
}

/** Where each name and uid stands. Made once for each list: the tokens of thousands stay the same from one command to the next. */
type Index = {
  readonly names: readonly string[]
  readonly byUid: ReadonlyMap<string, readonly number[]>
  readonly byName: ReadonlyMap<string, readonly number[]>
  /** What was found near the text that was looked for last: one command looks for it several times. */
  near: { readonly wanted: string; readonly found: Token[] } | null
}

const indexes = new WeakMap<readonly Token[], Index>()

function indexOf(tokens: readonly Token[]): Index {
  const known = indexes.get(tokens)
  if (known) return known
  const names = tokens.map(({ settings }) => plain(settings.name))
  const index = { names, byUid: placesOf(tokens.map(({ uid }) => uid)), byName: placesOf(names), near: null }
  indexes.set(tokens, index)
  return index
}

function placesOf(texts: readonly string[]): ReadonlyMap<string, readonly number[]> {
  const places = new Map<string, number[]>()
  texts.forEach((text, place) => {
    const known = places.get(text)
    if (known) known.push(place)
    else places.set(text, [place])
  })
  return places
}

/** The `most` that come first by name, without putting all in order: nobody is shown thousands. */
function firstByName(tokens: readonly Token[], most: number): Token[] {
  const first: Token[] = []
  for (const token of tokens) {
    if (first.length === most && inOrder().compare(first.at(-1)!.settings.name, token.settings.name) <= 0) continue
    first.splice(placeIn(first, token), 0, token)
    if (first.length > most) first.pop()
  }
  return first
}

let collator: Intl.Collator | undefined

/** Made when it is first needed: that takes longer than most of what a start does. */
const inOrder = () => (collator ??= new Intl.Collator())

/** Behind those of the same name. */
function placeIn(ordered: readonly Token[], { settings: { name } }: Token): number {
  let [from, to] = [0, ordered.length]
  while (from < to) {
    const middle = (from + to) >> 1
    if (inOrder().compare(ordered[middle]!.settings.name, name) <= 0) from = middle + 1
    else to = middle
  }
  return from
}

function nearest(tokens: readonly Token[], wanted: string): Token[] {
  const { names } = indexOf(tokens)
  const holding = suggest(tokens, wanted, nearAtMost)
  if (holding.length === nearAtMost) return holding
  const most = Math.max(2, wanted.length / 3)
  const close = tokens
    .map((token, place) => ({ token, distance: distanceWithin(names[place]!, wanted, most) }))
    .filter(({ token, distance }) => distance <= most && !holding.includes(token))
    .sort((a, b) => a.distance - b.distance)
  return [...holding, ...close.map((entry) => entry.token)].slice(0, nearAtMost)
}

function plain(text: string): string {
  return text.trim().toLowerCase()
}
