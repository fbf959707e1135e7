import type { Names } from '../token/find.ts'
import { readQuick } from './command.ts'
import { headKept } from './kept.ts'
import { cutAtBecause, inLine, isTooLongToGuess, wordsOf } from './quoted.ts'
import { tokenAt } from './several-tokens.ts'
import { canRead, isQuickVerb, type QuickVerb } from './verbs.ts'

/** Words before what is asked for that say nothing of it. */
const around =
  /^(?:i|we|it|they|you|please|can|could|would|need(?:s|ed)?|wants?|should|must|has|have|gets?|give[ns]?|to|be|the|an?|more|extend(?:ed)?|renew(?:ed)?|prolong(?:ed)?|set|change[d]?|edit|make|let|update|expiry|expiration|expires?|access|rate|limits?|limited|for|with|of|now|token)(?:\s+|$)/i

/** Read in this order: whatever fits one verb hardly fits another. */
const tried: readonly QuickVerb[] = ['extend', 'grant', 'limit', 'scope']

/** The lines that `ci-deploy 90d` or `we need write on assets for ci-deploy` asks for, which have a token and no verb. */
export function implied(typed: string, isToken: Names): string[] {
  const { head, reason } = cutAtBecause(typed)
  if (isTooLongToGuess(head)) return []
  const starts = wordsOf(head).map(({ start }) => start)
  for (const start of starts.slice(0, mostTries)) {
    const named = tokenAt(head.slice(start), isToken)
    if (!named || isQuickVerb(named.rest.split(/\s/)[0]!.toLowerCase())) continue
    const before = head.slice(0, start).replace(/\s*\b(?:to|for|on|of|from|the|token|\s)+$/i, '')
    const found = asked(`${before} ${named.rest}`.trim())
    if (found) return [`${found.verb} ${inLine(named.token)} ${found.head}${reason ? ` because ${reason}` : ''}`]
  }
  return []
}

/** True for a later expiry where the verb asks for less, as in `limit ci-deploy to 10 days`. */
export function isOpposite(verb: QuickVerb | null, line: string): boolean {
  const read = readQuick(line, () => true)
  const isLonger = 'command' in read && read.command.verb === 'extend' && read.command.until.kind !== 'day'
  return isLonger && (verb === 'limit' || verb === 'restrict' || verb === 'revoke')
}

/** Words at which a token is looked for. */
const mostTries = 30

const not =
  /^(?:(?:must|should|may|can)\s*not|(?:must|should|ca)n['’]t)\s+(?:(?:be\s+able\s+to|be\s+allowed\s+to|have)\s+)?(.+)$/i

function asked(body: string): { readonly verb: QuickVerb; readonly head: string } | null {
  if (body === '') return null
  const [, renamed] = /\b(?:renamed?|called?)\s+(to\s.+)$/is.exec(body) ?? []
  if (renamed !== undefined) return { verb: 'rename', head: renamed }
  if (/^read[-\s]?only$/i.test(body)) return { verb: 'revoke', head: 'write' }
  const [, modules] = /^read[-\s]?only\s+(?:on|for)\s+(.+)$/i.exec(body) ?? []
  if (modules !== undefined && canRead('revoke', `write on ${modules}`))
    return { verb: 'revoke', head: `write on ${modules}` }
  const [, denied] = not.exec(body) ?? []
  if (denied !== undefined && canRead('revoke', denied)) return { verb: 'revoke', head: denied }
  if (/^(?:only|just)\s/i.test(body) && canRead('restrict', headKept(body)))
    return { verb: 'restrict', head: headKept(body) }
  if (/^never\s+expires?$/i.test(body)) return { verb: 'extend', head: 'never' }
  for (const head of [body, body.replace(/\s+access\b/i, '')]) {
    const verb = tried.find((verb) => canRead(verb, head))
    if (verb) return { verb, head }
  }
  const left = body.replace(around, '')
  return left === body ? null : asked(left)
}
