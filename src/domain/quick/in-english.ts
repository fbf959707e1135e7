import type { Names } from '../token/find.ts'
import { readQuick } from './command.ts'
import { headKept, saysOnly } from './kept.ts'
import { lifted } from './lifted.ts'
import { cutAtBecause, inLine, isTooLongToGuess, quoted, wordsOf } from './quoted.ts'
import { withSigns } from './unsigned.ts'
import type { QuickVerb } from './verbs.ts'

/** Words that are looked at: people say it in fewer. */
const mostWords = 30

/** Every verb that a first word may stand for. */
const verbsFor: readonly (readonly [RegExp, readonly QuickVerb[]])[] = [
  [/^(?:extend|prolong|renew|lengthen|postpone|shorten|cut|reduce|expire|expires)$/i, ['extend']],
  [/^(?:rename|call|name)$/i, ['rename']],
  [/^(?:grant|give|allow|let|permit)$/i, ['grant', 'restrict']],
  [/^(?:revoke|deny|withdraw|take)$/i, ['revoke', 'scope']],
  [/^(?:add|include)$/i, ['scope', 'grant']],
  [/^(?:remove|drop)$/i, ['revoke', 'scope']],
  [/^(?:scope|branch|branches|alias|aliases)$/i, ['scope']],
  [/^(?:restrict|confine|narrow)$/i, ['restrict']],
  [/^(?:only|just|keep)$/i, ['restrict']],
  [/^(?:limit|limits|rate|rates|throttle)$/i, ['limit', 'restrict']],
  [/^(?:set|change|update|make|edit|put|move)$/i, ['rename', 'extend', 'limit', 'scope', 'grant']],
]

/** The word that says which of its settings `set` or `change` is about. */
const nouns: Readonly<Record<QuickVerb, RegExp>> = {
  rename: /\bname\b/i,
  extend: /\b(?:expiry|expiration|expires?|end)\b/i,
  limit: /\b(?:rates?|limits?)\b/i,
  scope: /\b(?:branch|branches|alias|aliases|scope)\b/i,
  grant: /\b(?:access|permissions?)\b/i,
  revoke: /\b(?:access|permissions?)\b/i,
  restrict: /\bonly\b/i,
}

/**
 * The lines that `add branch feature-x to ci-deploy` or `grant write on assets to ci-deploy` says in another order, or with
 * another word for its verb. Each can be read, and is about a token that `isToken` knows.
 */
export function saidInEnglish(typed: string, isToken: Names): string[] {
  const { head, reason } = cutAtBecause(typed)
  const [first] = wordsOf(head)
  if (!first || isTooLongToGuess(head)) return []
  const verbs = verbsFor.find(([word]) => word.test(first.text))?.[1] ?? []
  const bySetting = verbs.length > 2
  const because = reason ? ` because ${reason}` : ''
  const lines = namedIn(head, isToken).flatMap(({ token, before, after }) => {
    const body = `${before} ${after}`.trim()
    const whole = lifted(first.text, body)
    const asked = verbs.filter((verb) => !bySetting || nouns[verb].test(body))
    return (whole ? [whole] : asked.flatMap((verb) => headsOf(verb, first.text, body))).map(
      ({ verb, head }) => `${verb} ${inLine(token)} ${head}${because}`,
    )
  })
  return [...new Set(lines)].filter((line) => {
    const read = readQuick(line, isToken)
    return 'command' in read && isToken(read.command.token)
  })
}

/** The verb that a line seems to be about; null if it may be several. */
export function verbMeant(typed: string): QuickVerb | null {
  const [first] = wordsOf(typed)
  const verbs = verbsFor.find(([word]) => first && word.test(first.text))?.[1] ?? []
  return (verbs.length > 2 ? verbs.find((verb) => nouns[verb].test(typed)) : verbs[0]) ?? null
}

type Named = { readonly token: string; readonly before: string; readonly after: string }

/** The tokens named anywhere behind the first word, the longest name first at each place. */
function namedIn(head: string, isToken: Names): Named[] {
  const words = wordsOf(head).slice(0, mostWords)
  return words.flatMap((_, i): Named[] => {
    if (i === 0) return []
    const from = words[i]!.start
    for (const { end } of words.slice(i).reverse()) {
      const text = head.slice(from, end)
      const whole = quoted(text)
      const inQuotes = whole?.rest === '' ? [whole.value] : []
      const token = [...inQuotes, text, text.replace(/['’]s$|,$/, '')].find((name) => name !== '' && isToken(name))
      if (token !== undefined)
        return [{ token, before: unlinked(head.slice(words[0]!.end, from)), after: rest(head.slice(end)) }]
    }
    return []
  })
}

/** `of the token`, before its name. */
function unlinked(before: string): string {
  return before
    .trim()
    .replace(/(?:^|\s+)(?:(?:to|from|of|for|on|in)\s+)?(?:the\s+)?(?:token|to|from|of|for|on|in|the)$/i, '')
    .trim()
}

function rest(after: string): string {
  return after
    .trim()
    .replace(/^(?:['’]s|token)(?=\s|$)/i, '')
    .trim()
}

type Wish = { readonly verb: QuickVerb; readonly head: string }

function headsOf(verb: QuickVerb, word: string, body: string): Wish[] {
  const plain = body.replace(
    /^(?:the\s+)?(?:name|expiry|expiration|rate limits?|limits?|limit|rates?|access)\b\s*/i,
    '',
  )
  if (verb === 'rename') return renamed(plain)
  if (verb === 'scope') return signed(word, body)
  if (verb === 'restrict') return restricted(word, body)
  if (verb === 'grant' || verb === 'revoke')
    return [{ verb, head: body.replace(/\s+access\b/i, '').replace(/^(?:to|away)\s+|\s+away$/gi, '') }]
  if (verb === 'extend' && /^(?:shorten|cut|reduce)$/i.test(word)) return [{ verb, head: sooner(plain) }]
  return [
    { verb, head: plain },
    { verb, head: plain.replace(/^to\s+/i, '') },
  ]
}

/** `give` and `keep` mean no other access only if the line says `only`. */
function restricted(word: string, body: string): Wish[] {
  const isSaid = /^(?:restrict|confine|narrow|limit|only|just)/i.test(word) || saysOnly(body)
  return isSaid ? [{ verb: 'restrict', head: headKept(body) }] : []
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

/** Words for other settings: no branch is meant by them unless the line says so. */
const ofOthers =
  /\b(?:expir\w*|rates?|limits?|access|reads?|writes?|permissions?|rights?|name|descri\w*|notes?|e-?mails?)\b/i

function signed(word: string, body: string): Wish[] {
  if (ofOthers.test(body) && !nouns.scope.test(body)) return []
  const isLess = /^(?:remove|drop|revoke|take|withdraw|deny)$/i.test(word)
  const now = { now: new Date(0), token: null }
  return withSigns(body.replace(/^scope\b/i, ''), isLess ? '-' : '+')(now).map(({ head }) => ({ verb: 'scope', head }))
}
