import { dayMs } from '../day.ts'
import { instantOf } from './expiry.ts'
import type { Token } from './token.ts'

/** A token expires soon if it has no more days than this left. */
export const soonDays = 30

/** The tokens that a list is narrowed down to. */
export type TokenFilter = {
  /** A stack, or part of a name, a uid or a stack; empty for any. */
  readonly text: string
  readonly expiry: 'soon' | 'expired' | 'never' | null
}

/** Reads `website`, `expiring`, `expired on website`, `never expires`: whatever is not about expiry is the text. */
export function readFilter(typed: string): TokenFilter {
  for (const [expiry, words] of expiries) {
    const found = words.exec(typed.trim())
    if (found) return { expiry, text: textOf(found[1] ?? '', found[2] ?? '') }
  }
  return { expiry: null, text: textOf(typed, '') }
}

const expiries = (
  [
    ['never', 'never(?: expir(?:es?|ing))?'],
    ['expired', 'expired'],
    ['soon', 'expir(?:es?|ing|y|ation)?(?:…|\\.\\.\\.)?(?: soon)?'],
  ] as const
).map(([expiry, words]) => [expiry, new RegExp(`^(?:(.*)\\s)?${words}(?:\\s(.*))?$`, 'is')] as const)

function textOf(before: string, after: string): string {
  const text = [before, after]
    .map((part) => part.trim().replace(/^(?:on|in)\s+/i, ''))
    .join(' ')
    .trim()
  return inQuotes.exec(text)?.[1]?.trim() ?? text
}

/** Slack's clients turn straight quotes into curly ones as people type. */
const inQuotes = /^["“”„](.+)["“”„]$/s

/** True if such a text fits any of these tokens. */
export function holdsAny(all: readonly Titled[], text: string): boolean {
  return all.some((one) => holds(one, plain(text)))
}

type Titled = { readonly token: Token; readonly stackTitle: string }

/** The tokens that are left, and the title of the stack that the text named, if it did. */
export type Filtered<T> = { readonly tokens: readonly T[]; readonly onStack: string | null }

/** Those that expire in the order in which they do. */
export function filtered<T extends Titled>(all: readonly T[], { text, expiry }: TokenFilter, now: Date): Filtered<T> {
  const onStack = text === '' ? [] : all.filter((one) => stackNames(one).some((name) => name === plain(text)))
  const named = onStack.length > 0 ? onStack : all.filter((one) => holds(one, plain(text)))
  const left = named.filter(({ token }) => fits(instantOf(token.settings.expiresOn), expiry, now))
  return { tokens: inOrder(left, expiry), onStack: onStack[0]?.stackTitle ?? null }
}

function stackNames({ token: { stack, stackName = stack }, stackTitle }: Titled): string[] {
  return [plain(stackTitle), plain(stackName)]
}

function holds(one: Titled, wanted: string): boolean {
  const { settings, uid } = one.token
  return [plain(settings.name), plain(uid), ...stackNames(one)].some((text) => text.includes(wanted))
}

function fits(instant: number | null, expiry: TokenFilter['expiry'], now: Date): boolean {
  if (expiry === null) return true
  if (instant === null) return expiry === 'never'
  const left = instant - now.getTime()
  return expiry === 'expired' ? left <= 0 : expiry === 'soon' && left > 0 && left <= soonDays * dayMs
}

function inOrder<T extends Titled>(tokens: readonly T[], expiry: TokenFilter['expiry']): readonly T[] {
  if (expiry !== 'soon' && expiry !== 'expired') return tokens
  const endOf = ({ token }: T) => instantOf(token.settings.expiresOn) ?? Number.NaN
  return tokens.toSorted((one, other) => endOf(one) - endOf(other))
}

function plain(text: string): string {
  return text.trim().toLowerCase()
}
