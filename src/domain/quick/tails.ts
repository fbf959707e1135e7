import type { Names } from '../token/find.ts'
import { nearestTimes } from './nearest-time.ts'
import { wordsOf } from './quoted.ts'
import type { About, Wish } from './reading.ts'
import { withSigns } from './unsigned.ts'
import { canRead } from './verbs.ts'

/**
 * Another reading of the words behind a new name: `is` names it, and `wishes` ask for it. `token`: the token on the stack that
 * they name; `reason`: the one that they give.
 */
export type Tail = {
  readonly is: string
  readonly wishes?: (about: About) => readonly Wish[]
  readonly token?: string
  readonly reason?: string
}

type Reader = (text: string, token: string, isToken: Names) => Tail | null

/** Null for words that can only be part of a name. `comma`: there was one before them. */
export function tailOf(text: string, comma: boolean, token: string, isToken: Names): Tail | null {
  for (const read of readers) {
    const tail = read(text, token, isToken)
    if (tail) return tail
  }
  return reason(comma ? `, ${text}` : text)
}

const readers: readonly Reader[] = [stack, expiry, limits, access, branches, moment]

function stack(text: string, token: string, isToken: Names): Tail | null {
  const [, name] = /^(?:on|in|at)\s+(?:the\s+)?(?:stack\s+)?(.+?)(?:\s+stack)?$/i.exec(text) ?? []
  if (name === undefined) return null
  const there = `${name}/${token}`
  if (isToken(there)) return { is: 'the stack of the token', token: there }
  return isToken.isStack?.(name) ? { is: 'a stack on which no such token is known' } : null
}

const link = /^(?:(?:and|with|plus|also|then)\s+)+/i
const untilWhen =
  /^(?:(?:valid|good|expiring|expires?|to expire|which expires|that expires)\s+)?(?=(?:for|by|until|till|on)\s)/i
const lasting = /^(?:valid|good|expiring|expires?|to expire|which expires|that expires|never expir\w+)\b\s*/i

/** A length needs no word before it; a day by itself may well be part of a name. */
function expiry(typed: string): Tail | null {
  const text = typed.replace(link, '')
  const time = text.replace(untilWhen, '').replace(lasting, '')
  const isSaid = untilWhen.test(text) || lasting.test(text)
  const said = /^never expir/i.test(text) ? 'never' : time
  if (!isSaid && !/^(?:another\s+|\+)?\d{1,4}\s*(?:days?|weeks?|months?|years?|d|w|mo|y)$/i.test(said)) return null
  const is = 'another expiry'
  if (canRead('extend', said)) return { is, wishes: () => [{ verb: 'extend', head: said }] }
  const bare = said.replace(/^(?:for|by|until|till|on)\s+/i, '')
  const times = (about: About) => nearestTimes(bare, about.now)
  if (!isSaid || /^\d+$/.test(bare) || times(sometime).length === 0) return null
  return { is, wishes: (about) => times(about).map((head) => ({ verb: 'extend', head })) }
}

const sometime: About = { now: new Date(0), token: null }

function limits(typed: string): Tail | null {
  const head = typed
    .replace(link, '')
    .replace(/^(?:(?:a|the)\s+)?(?:rate\s+)?(?:limits?|limited)\s+(?:of\s+|to\s+)?/i, '')
  return canRead('limit', head) ? { is: 'rate limits', wishes: () => [{ verb: 'limit', head }] } : null
}

function access(typed: string): Tail | null {
  const [, less] = /^(?:and\s+)?(without|minus|no)\s/i.exec(typed) ?? []
  const head = typed
    .replace(link, '')
    .replace(/^(?:without|minus|no|having|grant)\s+/i, '')
    .replace(/\s+access\b/i, '')
  const verb = less === undefined ? 'grant' : 'revoke'
  const isSaid = head !== typed || /\s(?:on|to)\s/i.test(head)
  return isSaid && canRead(verb, head)
    ? { is: `${less ? 'less' : 'more'} access`, wishes: () => [{ verb, head }] }
    : null
}

function branches(typed: string): Tail | null {
  const [, named] =
    /^(?:(?:and|with|on|for|plus)\s+)*((?:the\s+)?(?:branch|branches|alias|aliases)\s.+|\+\S.*)$/i.exec(typed) ?? []
  if (named === undefined) return null
  return { is: 'branches', wishes: (about) => withSigns(named)(about).map((wish) => ({ verb: 'scope', ...wish })) }
}

/** A sentence, rather than `since 2024`. */
function reason(typed: string): Tail | null {
  const [, begins = '', why = ''] = /^(since|as|so(?: that)?|cause|,|[-–—])\s+(.+)$/is.exec(typed) ?? []
  const [first] = wordsOf(why)
  if (
    begins === '' ||
    !first ||
    !/^(?:the|it|its|it's|we|our|they|their|i|my|this|that|these|there|nobody|everybody)$/i.test(first.text)
  )
    return null
  return { is: 'a reason, which begins with because', reason: why }
}

function moment(typed: string): Tail | null {
  const isMoment = /^(?:right\s+)?(?:now|today|tonight|away|immediately|at once|soon)$/i.test(typed)
  return isMoment ? { is: "a time, which can't be chosen: an edit is written once it is approved" } : null
}
