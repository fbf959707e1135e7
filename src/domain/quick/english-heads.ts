import { withoutIng } from './access.ts'
import { allBut, headKept, saysOnly } from './kept.ts'
import { isOfOneKind, withSigns } from './unsigned.ts'
import type { QuickVerb } from './verbs.ts'

type Wish = { readonly verb: QuickVerb; readonly head: string }

/** The parts after the token that a line in English may say, for a verb and the word that it began with. */
export function headsOf(verb: QuickVerb, word: string, body: string): Wish[] {
  const plain = body.replace(
    /^(?:the\s+)?(?:alive|valid|active|name|expiry|expiration|rate limits?|limits?|limit|rates?|access)\b\s*/i,
    '',
  )
  const kept = taking.test(word) ? allBut(body) : null
  if (kept !== null) return [{ verb: 'restrict', head: kept }]
  if (taking.test(word) && isOfOneKind(body)) return [{ verb: 'scope', head: `remove ${body}` }]
  if (verb === 'rename') return renamed(plain)
  if (verb === 'scope') return signed(word, body)
  if (verb === 'restrict') return restricted(word, body)
  if (verb === 'grant' || verb === 'revoke') return [{ verb, head: accessIn(body) }]
  if (/^keep$/i.test(word) && !isUntil.test(plain)) return []
  if (verb === 'extend' && /^(?:shorten|cut|reduce)$/i.test(word)) return [{ verb, head: sooner(plain) }]
  return [
    { verb, head: plain },
    { verb, head: plain.replace(/^to\s+/i, '') },
  ]
}

/** To keep a token for 30 days may mean from today; any of these counts from its expiry, or names a day. */
const isUntil = /^(?:until|till|through|for\s+another|another)\s/i

/** `access to assets` or `from writing entries`, in the words of a command. */
function accessIn(body: string): string {
  return withoutIng(
    body
      .replace(/(?:^|\s+)access\b\s*(?=to\s)|\s+access\b/i, ' ')
      .trim()
      .replace(/^(?:to|away|from)\s+|\s+away$/gi, ''),
  )
}

/** `give` and `keep` mean no other access only if the line says `only`. */
function restricted(word: string, body: string): Wish[] {
  const isSaid = /^(?:restrict|confine|narrow|limit|only|just)/i.test(word) || saysOnly(body)
  return isSaid && body !== '' ? [{ verb: 'restrict', head: headKept(body) }] : []
}

/** A name that comes before `to` is that of another token. */
function renamed(plain: string): Wish[] {
  const name = plain.replace(/^(?:to|as|into|->|→|=>|=|:)\s+/i, '')
  const isName = name !== '' && !/^to$/i.test(name) && (/^to\s/i.test(plain) || !/\sto\s/i.test(name))
  return isName ? [{ verb: 'rename', head: `to ${name}` }] : []
}

/** `by 30d` takes as much away here. */
function sooner(text: string): string {
  return text.replace(/^(?:(?:by|for)\s+)?(?=\d+\s*[a-z]+$)/i, '-')
}

const swapping = /^(?:replace|swap|exchange|switch|move)$/i
const taking = /^(?:remove|drop|revoke|take|withdraw|deny)$/i

/** `main with staging` and `from main to staging` add one and take the other away. */
function replaced(body: string): Wish[] {
  const [, from, to] =
    /^(?:from\s+)?(?:(?:the\s+)?(?:branch|alias)\s+)?([^\s,+-][^\s,]*)\s+(?:with|by|for|to)\s+(?:(?:the\s+)?(?:branch|alias)\s+)?([^\s,+-][^\s,]*)$/i.exec(
      body,
    ) ?? []
  return from === undefined || to === undefined ? [] : [{ verb: 'scope', head: `+${to} -${from}` }]
}

/** Words for other settings: no branch is meant by them unless the line says so. */
const ofOthers =
  /\b(?:expir\w*|rates?|limits?|access|reads?|writes?|permissions?|rights?|name|descri\w*|notes?|e-?mails?)\b/i

const branches = /\b(?:branch|branches|alias|aliases|scope)\b/i

function signed(word: string, body: string): Wish[] {
  if (ofOthers.test(body) && !branches.test(body)) return []
  if (swapping.test(word)) return replaced(body)
  const isLess = taking.test(word)
  const now = { now: new Date(0), token: null }
  return withSigns(body.replace(/^scope\b/i, ''), isLess ? '-' : '+')(now).map(({ head }) => ({ verb: 'scope', head }))
}
