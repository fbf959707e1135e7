import { distanceWithin } from '../nearest.ts'
import type { Token } from './token.ts'
import { indexOf, nameOfIts, plain } from './token-index.ts'

const nearAtMost = 5

/** The tokens that a text which is the name of none may mean, the likeliest first. */
export function nearTo(tokens: readonly Token[], text: string): readonly Token[] {
  const [index, wanted] = [indexOf(tokens), plain(text)]
  if (index.near?.wanted !== wanted) index.near = { wanted, found: nearest(tokens, wanted) }
  return index.near.found
}

function nearest(tokens: readonly Token[], wanted: string): Token[] {
  const { names, byName } = indexOf(tokens)
  const behindOther = byName.get(wanted.slice(wanted.indexOf('/') + 1).trim()) ?? []
  const elsewhere = behindOther.map((place) => tokens[place]!)
  const all = [...elsewhere, ...within(tokens, wanted), ...suggest(tokens, wanted, nearAtMost)]
  const holding = [...new Set(all)].slice(0, nearAtMost)
  if (holding.length === nearAtMost) return holding
  const most = Math.max(2, wanted.length / 3)
  const close = tokens
    .map((token, place) => ({ token, distance: distanceWithin(names[place]!, wanted, most) }))
    .filter(({ token, distance }) => distance <= most && !holding.includes(token))
    .sort((a, b) => a.distance - b.distance)
  return [...holding, ...close.map((entry) => entry.token)].slice(0, nearAtMost)
}

/** Those whose name or uid stands in the text, with other words around it. */
function within(tokens: readonly Token[], wanted: string): Token[] {
  const { byName, byUid } = indexOf(tokens)
  const words = [...wanted.matchAll(/\S+/g)].slice(0, mostWords)
  const places = words.flatMap(({ index: from }, i) => {
    const texts = words
      .slice(i)
      .map((word) => wanted.slice(from, word.index + word[0].length).replace(/[,;:.?!]+$/, ''))
      .reverse()
    const text = texts.find((one) => byName.has(one) || byUid.has(one))
    return text === undefined ? [] : [...(byName.get(text) ?? []), ...(byUid.get(text) ?? [])]
  })
  return places.map((place) => tokens[place]!)
}

/** Words in a token's name, and in a line that holds one. */
const mostWords = 20

/**
 * For type-ahead: at most `most` tokens whose name, uid or stack contains the typed text; those that begin with it
 * first.
 */
export function suggest(tokens: readonly Token[], typed: string, most: number): Token[] {
  const { names } = indexOf(tokens)
  const [wanted, part] = [plain(typed), typed.trim()]
  const ranked: Token[][] = [[], [], []]
  tokens.forEach((token, place) => {
    const name = names[place]!
    if (name.startsWith(wanted)) ranked[0]!.push(token)
    else if (name.includes(wanted)) ranked[1]!.push(token)
    else if (token.uid.includes(part) || nameOfIts(token).includes(wanted)) ranked[2]!.push(token)
  })
  const found: Token[] = []
  for (const alike of ranked) if (found.length < most) found.push(...firstByName(alike, most - found.length))
  return found
}

/** The first `most` by name, without sorting all: nobody is shown thousands. */
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

/** Made when first needed: that takes longer than most of a start. */
const inOrder = () => (collator ??= new Intl.Collator())

/** After those of the same name. */
function placeIn(ordered: readonly Token[], { settings: { name } }: Token): number {
  let [from, to] = [0, ordered.length]
  while (from < to) {
    const middle = (from + to) >> 1
    if (inOrder().compare(ordered[middle]!.settings.name, name) <= 0) from = middle + 1
    else to = middle
  }
  return from
}
