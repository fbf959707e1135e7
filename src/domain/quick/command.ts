import { z } from 'zod'
import { nearestWord } from '../nearest.ts'
import { isDay, units } from '../token/expiry.ts'
import { modules } from '../token/token.ts'
import { exampleArguments, readArguments } from './arguments.ts'
import { cutAtBecause, inLine, quoted } from './quoted.ts'
import { type QuickVerb, quickVerbs } from './verbs.ts'
import type { Wrong } from './wrong.ts'

const text = z.string().min(1)
/** Null when none was given. */
const about = { token: text, reason: text.nullable() }
const access = z.enum(['read', 'write'])
const on = z.union([z.literal('all'), z.array(z.enum(modules)).min(1).readonly()])
const perSecond = z.number().int().nonnegative()

/** An edit that fits into one line, as it was said: nothing in it depends on the token's settings. */
export const quickCommand = z.discriminatedUnion('verb', [
  z.object({ verb: z.literal('rename'), ...about, name: text }).readonly(),
  z
    .object({
      verb: z.literal('extend'),
      ...about,
      until: z.discriminatedUnion('kind', [
        z.object({ kind: z.literal('for'), count: z.number().int().min(1).max(9999), unit: z.enum(units) }),
        z.object({ kind: z.literal('day'), day: z.string().refine(isDay) }),
        z.object({ kind: z.literal('never') }),
      ]),
    })
    .readonly(),
  z.object({ verb: z.literal('grant'), ...about, access, on }).readonly(),
  z.object({ verb: z.literal('revoke'), ...about, access, on }).readonly(),
  z.object({ verb: z.literal('scope'), ...about, add: z.array(text), remove: z.array(text) }).readonly(),
  z
    .object({
      verb: z.literal('limit'),
      ...about,
      to: z.union([z.literal('organisation'), z.object({ read: perSecond, write: perSecond })]),
    })
    .readonly(),
])
export type QuickCommand = z.infer<typeof quickCommand>

/** What could not be read, and a line that could. */
export type Complaint = Wrong & { readonly example: string }
export type ReadQuick = { readonly command: QuickCommand } | { readonly complaint: Complaint }

/**
 * `extend ci-deploy 90d because the release is late`: a verb, a token, what the verb takes, and `because` with a reason
 * up to the end. `isToken` knows names and uids of tokens.
 *
 * A token's name may hold spaces and any of the grammar's words. In quotes ("…", “…”, '…', ‘…’) it is what they hold. Else
 * it is the longest known name that the text begins with and that leaves the rest readable; and when it begins with none,
 * as few words as leave the rest readable, so that somebody can be told that there is no such token. A new name may be
 * quoted as well, and must be when it holds the word `because`.
 */
export function readQuick(typed: string, isToken: (text: string) => boolean): ReadQuick {
  const [, word = '', text = ''] = /^\s*(\S*)\s*(.*)$/s.exec(typed) ?? []
  const verb = quickVerbs.find((verb) => verb === word.toLowerCase())
  if (!verb) return { complaint: wrongVerb(word) }
  let first: Complaint | null = null
  for (const parted of waysToPart(text.trim(), isToken)) {
    const read = readArguments(verb, parted.head)
    if ('fields' in read) return { command: quickCommand.parse({ verb, ...read.fields, ...partOf(parted) }) }
    first ??= { ...read.wrong, example: exampleOf(verb, parted.token) }
  }
  return {
    complaint: first ?? { word: null, says: 'Say which token it is about.', meant: null, example: exampleOf(verb) },
  }
}

function wrongVerb(word: string): Complaint {
  const meant = nearestWord(word, quickVerbs)
  const verb = quickVerbs.find((verb) => verb === meant) ?? 'rename'
  const says = `is not among the quick commands, which are ${quickVerbs.join(', ')}.`
  return {
    word: word || null,
    says: word ? says : `Say one of ${quickVerbs.join(', ')}.`,
    meant,
    example: exampleOf(verb),
  }
}

/** A line that begins so, to show how it is done. */
export function exampleOf(verb: QuickVerb, token = 'ci-deploy'): string {
  return `${verb} ${inLine(token)} ${exampleArguments[verb]}`
}

/** `head`: what the verb takes. */
type Parted = { readonly token: string; readonly head: string; readonly reason: string | null }

function partOf({ token, reason }: Parted) {
  return { token, reason: reason || null }
}

function waysToPart(text: string, isToken: (text: string) => boolean): Parted[] {
  const opened = quoted(text)
  if (opened && opened.value !== '') return [{ token: opened.value, ...cutAtBecause(opened.rest) }]
  const known = wordEnds(text).filter((end) => isToken(text.slice(0, end)))
  if (known.length > 0)
    return known.reverse().map((end) => ({ token: text.slice(0, end), ...cutAtBecause(text.slice(end)) }))
  const { head, reason } = cutAtBecause(text)
  return wordEnds(head)
    .slice(0, mostWords)
    .map((end) => ({ token: head.slice(0, end), head: head.slice(end).trim(), reason }))
}

/** In the name of a token that is not known. */
const mostWords = 20

function wordEnds(text: string): number[] {
  return [...text.matchAll(/\S+/g)].map((word) => word.index + word[0].length)
}
