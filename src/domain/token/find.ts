import { nearTo } from './nearest-tokens.ts'
import type { Token } from './token.ts'
import { indexOf, longestOf, nameOfIts, plain } from './token-index.ts'

export type Found =
  | { readonly kind: 'one'; readonly token: Token }
  | { readonly kind: 'several' | 'near'; readonly tokens: readonly Token[] }

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
