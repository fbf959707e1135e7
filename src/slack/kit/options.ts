import type { PlainTextOption } from '@slack/types'
import { distinct } from '../../domain/look-alikes.ts'
import { aliasInWords, type Pointing } from '../../domain/token/targets.ts'
import type { Token } from '../../domain/token/token.ts'
import { uidEnds } from '../../domain/token/told-apart.ts'
import type { UnreadableThere } from '../../domain/token/unreadable.ts'
import { shortLine } from '../../words/text.ts'
import { limits, option, plainText } from './blocks.ts'
import { type TokenRef, tokenValue } from './ids.ts'

/** A token and the name that people know its stack by. `lastSeen`: the last look could not read it. */
export type TitledToken = { readonly token: Token; readonly stackTitle: string; readonly lastSeen?: true }

/** A token that can't be read: it is found, and whoever chooses it is told why. */
export type UnreadableOption = UnreadableThere & { readonly stackTitle: string }

/** The options of a branch or alias select for what was typed so far. `of` says where aliases point. */
export function nameOptions(names: readonly string[], typed: string, of: Pointing = {}): PlainTextOption[] {
  return [...new Set(names)]
    .filter((name) => fitsOption(name) && includes(aliasInWords(of, name), typed))
    .slice(0, limits.options)
    .map((name) => nameOption(name, of))
}

export function nameOption(name: string, of: Pointing): PlainTextOption {
  return option(aliasInWords(of, name), name)
}

/** Tells a token from another of its name on its stack, by the end of its uid and its description; empty if the name is enough. */
export function apartFrom(tokens: readonly TitledToken[]): (token: Token) => string {
  const ends = uidEnds(tokens.map(({ token }) => token))
  return (token) => {
    const end = ends.get(token)
    const { description } = token.settings
    return [end, end !== undefined && description.trim() !== '' && shortLine(description, 40)]
      .filter(Boolean)
      .join(' · ')
  }
}

/** The options of the token select for what was typed so far. `unseen`: its stack can't be looked at. */
export function tokenOptions(
  tokens: readonly (TitledToken & { readonly unseen?: boolean })[],
  typed: string,
  unread: readonly UnreadableOption[] = [],
): PlainTextOption[] {
  const apart = apartFrom(tokens)
  const readable = tokens
    .filter(({ token, stackTitle }) => includes(`${token.settings.name} ${stackTitle} ${token.uid}`, typed))
    .map(({ token, stackTitle, lastSeen, unseen }) => {
      const where = unseen ? `as last seen, on ${stackTitle}` : stackTitle
      const told = [lastSeen ? cannot(stackTitle) : where, apart(token)].filter((text) => text !== '').join(' · ')
      return tokenOption(token, token.settings.name, told)
    })
  const others = unread.map((one) => tokenOption(one, one.name ?? one.uid, cannot(one.stackTitle)))
  return [...readable, ...others].slice(0, limits.options)
}

/** Shown instead of no options at all: whoever chooses one is told that no token was chosen. */
export function unlistedOptions(titles: readonly string[]): PlainTextOption[] {
  return titles.slice(0, limits.options).map((title, i) => ({
    ...option('Not listed yet: type again in a minute', `unlisted-${i}`),
    description: plainText(title, limits.optionText),
  }))
}

function cannot(stackTitle: string): string {
  return `can't be read, on ${stackTitle}`
}

function tokenOption(of: TokenRef, name: string, where: string): PlainTextOption {
  return { ...option(distinct(name), tokenValue(of)), description: plainText(where, limits.optionText) }
}

function includes(name: string, typed: string): boolean {
  return name.toLowerCase().includes(typed.trim().toLowerCase())
}

/** Slack refuses options that are empty or too long; such names stay with the token, out of the form's reach. */
export function fitsOption(name: string): boolean {
  return name !== '' && name.length <= limits.optionValue
}
