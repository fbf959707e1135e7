import type { Token } from './token.ts'

/**
 * The position of each name and uid. Built once for each list: thousands of tokens stay the same from one command to
 * the next.
 */
type Index = {
  readonly names: readonly string[]
  /** Characters of the longest name or uid. */
  readonly longest: number
  readonly byUid: ReadonlyMap<string, readonly number[]>
  readonly byName: ReadonlyMap<string, readonly number[]>
  /** The configured name of each stack, by its id. */
  readonly stacks: ReadonlyMap<string, string>
  /** Its title, if known. */
  titles?: ReadonlyMap<string, string>
  /** The results near the last text that was looked for: one command looks for it several times. */
  near: { readonly wanted: string; readonly found: Token[] } | null
}

const indexes = new WeakMap<readonly Token[], Index>()

/** Built when it is first asked for. */
export function indexOf(tokens: readonly Token[]): Index {
  const known = indexes.get(tokens)
  if (known) return known
  const names = tokens.map(({ settings }) => plain(settings.name))
  const uids = tokens.map(({ uid }) => uid)
  const stacks = new Map(tokens.map((token) => [token.stack, nameOfIts(token)]))
  const index = {
    names,
    byUid: placesOf(uids),
    byName: placesOf(names),
    longest: longestOf([...names, ...uids]),
    stacks,
    near: null,
  }
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

export function longestOf(texts: readonly string[]): number {
  return texts.reduce((most, { length }) => Math.max(most, length), 0)
}

/** The name of its stack in the settings. */
export function nameOfIts({ stackName, stack }: Token): string {
  return stackName ?? stack
}

/** The same for names that differ only in capitals, or in spaces around them. */
export function plain(text: string): string {
  return text.trim().toLowerCase()
}
