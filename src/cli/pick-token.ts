import { asTyped } from '../domain/as-typed.ts'
import { Refusal } from '../domain/refusal.ts'
import { allCalled, type Found, findToken } from '../domain/token/find.ts'
import type { Token } from '../domain/token/token.ts'
import type { GoneToken } from '../ports/looks.ts'
import { distinctly, moment } from './table.ts'

/**
 * The token meant by `ci-deploy`, by its uid, or by either behind its stack as in `website/ci-deploy`. If it is among
 * `gone`, says that it is gone.
 */
export function pickToken(tokens: readonly Token[], typed: string, gone: readonly GoneToken[] = []): Token {
  const found = findTyped(tokens, typed)
  if (found.kind === 'one') return found.token
  const past = found.kind === 'near' ? allSoCalled(gone, typed) : []
  if (past.length > 0) throw new Refusal('not_found', past.map(goneInWords).join(' '))
  const named = found.tokens
    .map(({ uid, stack, settings }) => `${stack}/${distinctly(settings.name)} (${uid})`)
    .join(', ')
  const said = found.kind === 'several' ? 'There are several tokens' : 'There is no token'
  throw new Refusal('not_found', `${said} called "${typed}"${named && `; there is ${named}`}.`)
}

/** The same, to look at a token's past: one of `gone` if it alone fits. */
export function pickPast(tokens: readonly Token[], typed: string, gone: readonly GoneToken[]): Token {
  const past = findTyped(tokens, typed).kind === 'near' ? allSoCalled(gone, typed) : []
  return past.length === 1 ? past[0]! : pickToken(tokens, typed, gone)
}

export function isCalled(tokens: readonly Token[], typed: string): boolean {
  return allSoCalled(tokens, typed).length > 0
}

/**
 * The token that had this name, among tokens as they were at some time; null if none had. Throws a Refusal if there are
 * several.
 */
export function pickCalledBefore(tokens: readonly Token[], typed: string): Token | null {
  const meant = new Map(allSoCalled(tokens, typed).map((token) => [`${token.stack}/${token.uid}`, token]))
  if (meant.size > 1)
    throw new Refusal(
      'not_found',
      `Several tokens were called "${typed}" before: name one of ${[...meant.keys()].join(', ')}.`,
    )
  return [...meant.values()][0] ?? null
}

function findTyped(tokens: readonly Token[], typed: string): Found {
  const { stack, name } = splitStack(typed)
  const ofStack = tokens.filter((token) => token.stack === stack)
  return ofStack.length > 0 ? findToken(ofStack, name) : findToken(tokens, typed)
}

function allSoCalled<T extends Token>(tokens: readonly T[], typed: string): T[] {
  const { stack, name } = splitStack(typed)
  const ofStack = tokens.filter((token) => token.stack === stack)
  return ofStack.length > 0 ? allCalled(ofStack, name) : allCalled(tokens, typed)
}

function goneInWords({ stack, uid, settings, goneAt }: GoneToken): string {
  return `Token ${distinctly(settings.name)} on ${stack} (${uid}) is gone: the stack said so ${moment(goneAt)}. "${asTyped(`token history ${stack}/${uid}`)}" shows its history.`
}

/** The parts before and after the first slash. If a name contains a slash, its stack must come first. */
export function splitStack(typed: string): { stack: string; name: string } {
  const at = typed.indexOf('/')
  return at < 0 ? { stack: '', name: typed } : { stack: typed.slice(0, at), name: typed.slice(at + 1) }
}
