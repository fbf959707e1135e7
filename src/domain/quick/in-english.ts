import type { Names } from '../token/find.ts'
import { type Complaint, readQuick } from './command.ts'
import { headsOf } from './english-heads.ts'
import { lifted } from './lifted.ts'
import { cutAtBecause, inLine, isTooLongToGuess, quoted, wordsOf } from './quoted.ts'
import type { QuickVerb } from './verbs.ts'

/** Words that are looked at: people say it in fewer. */
const mostWords = 30

/** Every verb that a first word may stand for. */
const verbsFor: readonly (readonly [RegExp, readonly QuickVerb[]])[] = [
  [/^(?:extend|prolong|renew|lengthen|postpone|shorten|cut|reduce|expire|expires)$/i, ['extend']],
  [/^(?:rename|call|name)$/i, ['rename']],
  [/^(?:grant|give|allow|let|permit)$/i, ['grant', 'restrict']],
  [/^(?:revoke|deny|withdraw|take)$/i, ['revoke', 'scope']],
  [/^(?:disallow|forbid|prevent|stop)$/i, ['revoke']],
  [/^(?:add|include)$/i, ['scope', 'grant']],
  [/^(?:remove|drop)$/i, ['revoke', 'scope']],
  [/^(?:scope|branch|branches|alias|aliases)$/i, ['scope']],
  [/^(?:restrict|confine|narrow)$/i, ['restrict']],
  [/^(?:only|just)$/i, ['restrict']],
  [/^keep$/i, ['restrict', 'extend']],
  [/^(?:replace|swap|exchange|switch)$/i, ['scope']],
  [/^move$/i, ['scope', 'extend']],
  [/^(?:limit|limits|rate|rates|throttle)$/i, ['limit', 'restrict']],
  [/^(?:set|change|update|make|edit|put)$/i, ['rename', 'extend', 'limit', 'scope', 'grant']],
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
  return linesOf(typed, isToken).filter((line) => {
    const read = readQuick(line, isToken)
    return 'command' in read && isToken(read.command.token)
  })
}

/** A line that can't be read. `isClear`: nothing else can have been meant by its first word. */
export type Nearly = { readonly line: string; readonly complaint: Complaint; readonly isClear: boolean }

/** The lines of `saidInEnglish` of which a part can't be read. */
export function nearlySaid(typed: string, isToken: Names): Nearly[] {
  const lines = linesOf(typed, isToken)
  const isOne = new Set(lines.map((line) => line.split(' ')[0])).size === 1
  return lines.flatMap((line) => {
    const read = readQuick(line, isToken)
    if ('command' in read || !isToken(read.complaint.token ?? '')) return []
    const { complaint } = read
    return [{ line, complaint, isClear: isOne && (!several.test(typed) || complaint.word === null) }]
  })
}

const several = /^\s*(?:add|include|remove|drop|take|deny|withdraw)\s/i

function linesOf(typed: string, isToken: Names): string[] {
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
  return [...new Set(lines)]
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
