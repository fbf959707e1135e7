import { distanceWithin } from '../nearest.ts'
import type { Token } from './token.ts'

export type Found =
  | { readonly kind: 'one'; readonly token: Token }
  | { readonly kind: 'several' | 'near'; readonly tokens: readonly Token[] }

const nearAtMost = 5

/**
 * Finds the token that a person means by a name or uid, or by its stack before either: exactly that one, several of
 * that name, or the nearest ones.
 */
export function findToken(tokens: readonly Token[], text: string): Found {
  const exact = allCalled(tokens, text)
  if (exact.length === 1) return { kind: 'one', token: exact[0]! }
  if (exact.length > 1) return { kind: 'several', tokens: exact }
  const [behind] = behindStack(tokens, text)
  const there = behind ? nearTo(onStack(tokens, behind.stack), behind.rest) : []
  return { kind: 'near', tokens: there.length > 0 ? there : nearTo(tokens, behind?.rest ?? text) }
}

function nearTo(tokens: readonly Token[], text: string): readonly Token[] {
  const [index, wanted] = [indexOf(tokens), plain(text)]
  if (index.near?.wanted !== wanted) index.near = { wanted, found: nearest(tokens, wanted) }
  return index.near.found
}

function onStack(tokens: readonly Token[], stack: string): readonly Token[] {
  return tokens.filter((token) => token.stack === stack)
}

/** Tells which texts are the name or uid of a token; and `isStack`, which are the name or the title of a stack. */
export type Names = { (text: string): boolean; readonly isStack?: (text: string) => boolean }

/** Those of one or more of these tokens: for many texts. */
export function namesOf(tokens: readonly Token[]): Names {
  const { byUid, byName, stacks, titles, longest } = indexOf(tokens)
  const most = longest + longestOf([...stacks.values(), ...(titles?.values() ?? [])]) + beside
  const isToken = (text: string) => {
    if (text.length > most && text.trim().length > most) return false
    return byUid.has(text.trim()) || byName.has(plain(text)) || allCalled(tokens, text).length > 0
  }
  const isStack = (text: string) =>
    [...stacks.values(), ...(titles?.values() ?? [])].some((name) => plain(name) === plain(text))
  return Object.assign(isToken, { isStack })
}

/** Characters that may part a name from its stack and from the end of its uid. */
const beside = 60

function longestOf(texts: readonly string[]): number {
  return texts.reduce((most, { length }) => Math.max(most, length), 0)
}

/** From now on, a token of this list is also found by the title of its stack before its name. */
export function titleStacks(tokens: readonly Token[], titles: ReadonlyMap<string, string>): void {
  indexOf(tokens).titles = titles
}

/** The shortest text that names a token and no other of these: its name, its uid, or one of them after its stack. */
export function callOf(tokens: readonly Token[]): (token: Token) => string {
  return (token) => {
    const { uid, settings, stack } = token
    const there = nameOfIts(token)
    const texts = [settings.name, uid, `${there}/${settings.name}`, `${there}/${uid}`]
    const isIt = (text: string) => {
      const [only, ...others] = allCalled(tokens, text)
      return others.length === 0 && only?.uid === uid && only.stack === stack
    }
    return texts.find(isIt) ?? uid
  }
}

/** The stack that a text names beside a token; null if it names none. */
export function stackBefore(tokens: readonly Token[], text: string): string | null {
  return behindStack(tokens, text)[0]?.stack ?? null
}

/** The same for names that `findToken` treats as the same. */
export function nameKey(name: string): string {
  return plain(name)
}

/** True if `findToken` treats two names as the same. */
export function sameName(one: string, other: string): boolean {
  return plain(one) === plain(other)
}

/**
 * Every token with this name or uid, since a name may contain slashes; if there is none, those with one of them after
 * the stack, as in `website/ci-deploy`.
 */
export function allCalled<T extends Token>(tokens: readonly T[], text: string): T[] {
  const alone = allCalledAlone(tokens, text)
  if (alone.length > 0) return alone
  const handled = allHandled(tokens, text)
  if (handled.length > 0) return handled
  return behindStack(tokens, text).flatMap(({ stack, rest }) =>
    allCalledAlone(tokens, rest).filter((token) => token.stack === stack),
  )
}

/** Those of `twin …a005` or `…a005`: tokens of one name are told apart by the ends of their uids. */
function allHandled<T extends Token>(tokens: readonly T[], text: string): T[] {
  const [, name = '', dots, end] = /^(.*?)\s*(?:·\s*)?\(?(…|\.{3})?([a-z\d]{4,})\)?$/is.exec(text.trim()) ?? []
  if (end === undefined || (name === '' && dots === undefined)) return []
  const among = name === '' ? tokens : allCalledAlone(tokens, name)
  return among.filter(({ uid }) => uid.endsWith(end))
}

function allCalledAlone<T extends Token>(tokens: readonly T[], text: string): T[] {
  const { byUid, byName } = indexOf(tokens)
  const places = new Set([...(byUid.get(text.trim()) ?? []), ...(byName.get(plain(text)) ?? [])])
  return [...places].sort((a, b) => a - b).map((place) => tokens[place]!)
}

/**
 * Each stack that a text names before or behind a token, as in `website/ci-deploy` or `ci-deploy on website`, by its
 * configured name or its title, and the rest of the text.
 */
function behindStack(tokens: readonly Token[], text: string): { stack: string; rest: string }[] {
  const { stacks, titles } = indexOf(tokens)
  return [...stacks].flatMap(([stack, name]) => {
    const names = [name, titles?.get(stack)].filter((one) => one !== undefined)
    const rest = names.map((one) => restBeside(one, text)).find((found) => found !== null)
    return rest === undefined ? [] : [{ stack, rest }]
  })
}

/** Null if the text does not begin or end with this, and what parts it from the rest. */
function restBeside(name: string, text: string): string | null {
  const typed = text.trim()
  if (plain(typed.slice(0, name.length)) === plain(name) && /[/\s]/.test(typed[name.length] ?? ''))
    return typed.slice(name.length + 1)
  const whole = typed.replace(/\)$/, '')
  const start = whole.length - name.length
  if (start <= 0 || plain(whole.slice(start)) !== plain(name)) return null
  return /^(.+?)(?:\s+(?:on|in|at)\s+|\s*[@(]\s*)$/is.exec(whole.slice(0, start))?.[1] ?? null
}

function nameOfIts({ stackName, stack }: Token): string {
  return stackName ?? stack
}

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

function indexOf(tokens: readonly Token[]): Index {
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

/** Those whose name begins the text: more was typed behind it. */
function beginning(tokens: readonly Token[], wanted: string): Token[] {
  const { byName } = indexOf(tokens)
  const ends = [...wanted.matchAll(/\s+/g)].slice(0, mostWords).map(({ index }) => index)
  const end = ends.reverse().find((end) => byName.has(wanted.slice(0, end)))
  return end === undefined ? [] : byName.get(wanted.slice(0, end))!.map((place) => tokens[place]!)
}

/** Words in a token's name. */
const mostWords = 20

function nearest(tokens: readonly Token[], wanted: string): Token[] {
  const { names, byName } = indexOf(tokens)
  const behindOther = byName.get(wanted.slice(wanted.indexOf('/') + 1).trim()) ?? []
  const elsewhere = behindOther.map((place) => tokens[place]!)
  const all = [...elsewhere, ...beginning(tokens, wanted), ...suggest(tokens, wanted, nearAtMost)]
  const holding = [...new Set(all)].slice(0, nearAtMost)
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
