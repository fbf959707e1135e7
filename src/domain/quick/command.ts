import { nearestWord } from '../nearest.ts'
import type { Names } from '../token/find.ts'
import { readHead } from './heard.ts'
import { withoutManners } from './manners.ts'
import { type Parted, waysToPart } from './parted.ts'
import { cutAtBecause, inLine, quoted } from './quoted.ts'
import { type About, type Read, split, type Wish, type Wrong } from './reading.ts'
import { knownAs, wordEnds } from './several-tokens.ts'
import { canRead, type QuickCommand, type QuickVerb, quickVerbs, verbOf } from './verbs.ts'

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
  const waits = withoutPronoun(text.trim())
  const [every, behind = ''] = everyToken.exec(text.trim()) ?? []
  if (every !== undefined && namesNone(text, isToken)) return { complaint: { ...noToken(verb, behind), says: notAll } }
  if (lacksToken(verb, text.trim(), isToken)) return { complaint: noToken(verb, waits) }
  let first: Complaint | null = null
  for (const parted of waysToPart(text.trim(), isToken)) {
    const read = readHead(verb, parted, isToken)
    if ('asks' in read) return { command: { ...read.asks, verb, ...partOf(parted) } as QuickCommand }
    const complaint = complaintOf(verb, parted, read.wrong, isToken)
    if (read.isClear) return { complaint }
    first ??= complaint
  }
  return { complaint: behindIt(verb, text, isToken) ?? first ?? noToken(verb, '') }
}

/** `grant write to ci-deploy`: the token may stand behind what is asked for, which lacks something else. */
function behindIt(verb: QuickVerb, text: string, isToken: Names): Complaint | null {
  const { head: typed, reason } = cutAtBecause(text)
  const [, before = '', token = ''] =
    /^(.*\S)\s+(?:to|from|for|on|of|in)\s+(?:the\s+)?(?:token\s+)?(.+)$/is.exec(typed) ?? []
  if (!isToken(token) || wordEnds(typed).some((end) => isToken(typed.slice(0, end)))) return null
  const read: Read<object> = verbOf(verb).read(before)
  return 'wrong' in read ? complaintOf(verb, { token, head: before, reason }, read.wrong, isToken) : null
}

const everyToken = /^(?:all|every|each)\s+(?:of\s+)?(?:(?:the|my|our)\s+)*tokens?\b\s*(.*)$/is
const notAll = "Name the tokens: a line can't ask for all of them."

function namesNone(text: string, isToken: Names): boolean {
  return !wordEnds(text).some((end) => knownAs(text.slice(0, end), isToken) !== null)
}

/** `extend 90d`: known tokens come first, whatever they are called. */
function lacksToken(verb: QuickVerb, text: string, isToken: Names): boolean {
  if (quoted(text) || !namesNone(text, isToken)) return false
  const rest = withoutPronoun(text)
  return rest === '' || canRead(verb, withoutManners(cutAtBecause(rest).head))
}

/** `it by 90d` and `my token` leave open which token is meant. */
function withoutPronoun(text: string): string {
  return text.replace(/^(?:it|this|that|(?:(?:my|the|this|that|a)\s+)?token)(?:\s+|$)/i, '')
}

function noToken(verb: QuickVerb, waits: string): Complaint {
  const says = 'Say which token it is about.'
  const { reason } = cutAtBecause(waits)
  return { word: null, says, meant: null, token: null, verb, reason: reason || null, example: exampleOf(verb), waits }
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

function partOf({ token, reason }: Parted) {
  return { token, reason: reason || null }
}
