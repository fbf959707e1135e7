import { nearestWord } from '../nearest.ts'
import type { Names } from '../token/find.ts'
import { endOfName } from './end-of-name.ts'
import { withoutManners } from './manners.ts'
import { reasonBegunOtherwise } from './other-reason.ts'
import { cutAtBecause, inLine, quoted } from './quoted.ts'
import { type About, type Read, split, type Wish, type Wrong } from './reading.ts'
import { type QuickCommand, type QuickVerb, quickVerbs, verbOf } from './verbs.ts'
import { isQuotedName, severalWishes } from './wishes.ts'

/**
 * The part that can't be read, an example that can, and the token that it seems to be about. `lines`: whole lines that may
 * have been meant, each of which can be read; `reason`: the one that was given.
 */
export type Complaint = Omit<Wrong, 'reason' | 'nearest'> & {
  readonly example: string
  readonly token: string | null
  readonly verb: QuickVerb | null
  readonly reason: string | null
  readonly lines?: (about: About) => readonly string[]
  /** Everything behind the verb, if only the token is missing. */
  readonly waits?: string
}
export type ReadQuick = { readonly command: QuickCommand } | { readonly complaint: Complaint }

/**
 * Reads `extend ci-deploy 90d because the release is late`: a verb, a token, what the verb takes, and `because` with a
 * reason up to the end. `isToken` knows the names and uids of tokens.
 *
 * A token's name may contain spaces and any of these words. In quotes ("…", “…”, '…', ‘…’) it is the text between them.
 * Otherwise it is the longest known name at the start that leaves the rest readable. If there is none, it is as few words
 * as leave the rest readable, so that the answer can be that there is no such token. A new name may be quoted as well, and
 * must be if it contains the word `because`.
 */
export function readQuick(typed: string, isToken: Names): ReadQuick {
  const [word, text] = split(typed.trimStart())
  const verb = quickVerbs.find((verb) => verb === word.toLowerCase())
  if (!verb) return { complaint: wrongVerb(word) }
  if (lacksToken(verb, text.trim(), isToken)) return { complaint: noToken(verb, text.trim()) }
  let first: Complaint | null = null
  for (const parted of waysToPart(text.trim(), isToken)) {
    const read = readHead(verb, parted, isToken)
    if ('asks' in read) return { command: { ...read.asks, verb, ...partOf(parted) } as QuickCommand }
    const complaint = complaintOf(verb, parted, read.wrong, isToken)
    if (read.isClear) return { complaint }
    first ??= complaint
  }
  return { complaint: first ?? noToken(verb, '') }
}

/** `extend 90d`: known tokens come first, whatever they are called. */
function lacksToken(verb: QuickVerb, text: string, isToken: Names): boolean {
  if (quoted(text) || wordEnds(text).some((end) => isToken(text.slice(0, end)))) return false
  return 'asks' in verbOf(verb).read(withoutManners(cutAtBecause(text).head))
}

function noToken(verb: QuickVerb, waits: string): Complaint {
  const says = 'Say which token it is about.'
  const { reason } = cutAtBecause(waits)
  return { word: null, says, meant: null, token: null, verb, reason: reason || null, example: exampleOf(verb), waits }
}

/** `isClear`: this token is meant, however else the line could be parted. */
type Heard = { readonly asks: object } | { readonly wrong: Wrong; readonly isClear: boolean }

/** Courtesies are part of it only if nothing can be read without them: a token may be called `please`. */
function readHead(verb: QuickVerb, parted: Parted, isToken: Names): Heard {
  const plain = { ...parted, head: withoutManners(parted.head) }
  const heard = readPlain(verb, plain, isToken)
  if ('asks' in heard || heard.isClear || plain.head === parted.head) return heard
  const whole = readPlain(verb, parted, isToken)
  return 'asks' in whole ? whole : heard
}

/** Any text can be a new name, so a longer one is looked at twice. */
function readPlain(verb: QuickVerb, { token, head, reason }: Parted, isToken: Names): Heard {
  const read: Read<object> = verbOf(verb).read(head)
  if ('asks' in read && (verb !== 'rename' || isQuotedName(head))) return read
  const asking =
    severalWishes({ verb, token, head }) ??
    (reason ? null : reasonBegunOtherwise({ verb, head })) ??
    (verb === 'rename' ? endOfName({ token, head }, isToken) : null)
  if (asking) return { ...asking, isClear: true }
  return 'asks' in read ? read : { ...read, isClear: false }
}

function complaintOf(
  verb: QuickVerb,
  { token, reason }: Parted,
  { nearest, reason: found, ...wrong }: Wrong,
  isToken: Names,
): Complaint {
  const complaint = { ...wrong, example: exampleOf(verb, token), token, verb, reason: reason || (found ?? null) }
  if (!nearest) return complaint
  const lineOf = (wish: Wish) => {
    const why = reason || wish.reason
    return `${wish.verb ?? verb} ${inLine(wish.token ?? token)} ${wish.head}${why ? ` because ${why}` : ''}`
  }
  const reads = (line: string) => 'command' in readQuick(line, isToken)
  return { ...complaint, lines: (about) => [...new Set(nearest(about).map(lineOf))].filter(reads) }
}

function wrongVerb(word: string): Complaint {
  const meant = nearestWord(word, quickVerbs)
  const verb = quickVerbs.find((verb) => verb === meant) ?? 'rename'
  const says = `is not a quick command; these are: ${quickVerbs.join(', ')}.`
  return {
    word: word || null,
    says: word ? says : `Say one of ${quickVerbs.join(', ')}.`,
    meant,
    example: exampleOf(verb),
    token: null,
    verb: null,
    reason: null,
  }
}

/** A whole line as an example. */
export function exampleOf(verb: QuickVerb, token = 'ci-deploy'): string {
  return `${verb} ${inLine(token)} ${verbOf(verb).example}`
}

/** `head`: the part that the verb reads. */
type Parted = { readonly token: string; readonly head: string; readonly reason: string | null }

function partOf({ token, reason }: Parted) {
  return { token, reason: reason || null }
}

function waysToPart(text: string, isToken: Names): Parted[] {
  const opened = quoted(text)
  if (opened && opened.value !== '') return [{ token: opened.value, ...cutAtBecause(opened.rest) }]
  const known = wordEnds(text).filter((end) => isToken(text.slice(0, end)))
  if (known.length > 0)
    return known.reverse().flatMap((end) => {
      const parted = { token: text.slice(0, end), ...cutAtBecause(text.slice(end)) }
      return [...onAStack(parted, isToken), parted]
    })
  const { head, reason } = cutAtBecause(text)
  return wordEnds(head)
    .slice(0, mostWords)
    .map((end) => ({ token: head.slice(0, end), head: head.slice(end).trim(), reason }))
}

/** `ci-deploy on website 90d`: the stack may stand behind the token. */
function onAStack({ token, head, reason }: Parted, isToken: Names): Parted[] {
  const [link, rest] = split(head)
  if (!/^(?:on|in|at)$/i.test(link)) return []
  const ends = wordEnds(rest).slice(0, mostWords)
  const end = ends.reverse().find((end) => isToken(`${rest.slice(0, end)}/${token}`))
  return end === undefined ? [] : [{ token: `${rest.slice(0, end)}/${token}`, head: rest.slice(end).trim(), reason }]
}

/** Words in the name of an unknown token. */
const mostWords = 20

function wordEnds(text: string): number[] {
  return [...text.matchAll(/\S+/g)].map((word) => word.index + word[0].length)
}
