import { findToken } from '../domain/find.ts'
import { Refusal } from '../domain/refusal.ts'
import type { Token } from '../domain/token.ts'

/** The token that is meant by `ci-deploy`, its uid, or either behind its stack as in `website/ci-deploy`. */
export function pickToken(tokens: readonly Token[], typed: string): Token {
  const { stack, name } = splitStack(typed)
  const ofStack = tokens.filter((token) => token.stack === stack)
  const found = ofStack.length > 0 ? findToken(ofStack, name) : findToken(tokens, typed)
  if (found.kind === 'one') return found.token
  const named = found.tokens.map(({ uid, stack, settings }) => `${stack}/${settings.name} (${uid})`).join(', ')
  const said = found.kind === 'several' ? 'There are several tokens' : 'There is no token'
  throw new Refusal('not_found', `${said} called "${typed}"${named && `; there is ${named}`}.`)
}

/** What stands before and behind the first slash. A name can have one too: then its stack has to stand before it. */
export function splitStack(typed: string): { stack: string; name: string } {
  const at = typed.indexOf('/')
  return at < 0 ? { stack: '', name: typed } : { stack: typed.slice(0, at), name: typed.slice(at + 1) }
}
