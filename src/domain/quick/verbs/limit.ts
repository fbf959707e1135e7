import { nearestWord } from '../../nearest.ts'
import { Refusal } from '../../refusal.ts'
import { ratesInWords, whoHasLimits } from '../../token/rate-limits.ts'
import type { RateLimits } from '../../token/token.ts'
import { inLine } from '../quoted.ts'
import { type About, type Read, type Wish, wrong } from '../reading.ts'
import type { Around, Called, Verb } from '../verb.ts'
import { extend } from './extend.ts'

/** Requests a second. */
type Limit = { readonly to: 'organisation' | { readonly read: number; readonly write: number } }

export const limit: Verb<Limit> = {
  usage: '<read 50 write 10 | organisation>',
  example: 'read 50 write 10',
  does: 'other rate limits, a feature of some Contentstack plans',
  read,
  written: ({ to }) => (to === 'organisation' ? 'organisation' : `read ${to.read} write ${to.write}`),
  nearer,
  edit: (asks, around) => ({ ...around.before, rateLimits: limitsAfter(asks, around) }),
  understood: ({ to }, token) => [
    'limit token ',
    token,
    ` to ${to === 'organisation' ? "the organisation's rate limits" : ratesInWords(to)}`,
  ],
}

function read(text: string): Read<Limit> {
  const wanted = 'reads and writes a second such as read 50 write 10, or organisation'
  if (text === '') return wrong(null, `Say how many: ${wanted}.`)
  if (/^organi[sz]ation$/i.test(text)) return { asks: { to: 'organisation' } }
  const [, reads, writes] = /^(\d{1,9})\s*\/\s*(\d{1,9})$/.exec(text) ?? []
  if (reads !== undefined) return { asks: { to: { read: Number(reads), write: Number(writes) } } }
  const words = plainly(text).split(' ')
  const [one, first = '', other, second = ''] = /^\d/.test(words[0]!) ? swappedPairs(words) : words
  const named = (one === 'read' && other === 'write') || (one === 'write' && other === 'read')
  if (named && words.length === 4 && [first, second].every((number) => /^\d{1,9}$/.test(number))) {
    const [read, write] = one === 'read' ? [first, second] : [second, first]
    return { asks: { to: { read: Number(read), write: Number(write) } } }
  }
  const odd = words.find((word) => !/^(read|write|\d{1,9})$/.test(word))
  const meant = odd === undefined ? null : nearestWord(odd, ['read', 'write', 'organisation'])
  return wrong(odd ?? text, `does not say how many: say ${wanted}.`, meant, ({ token }) => [
    ...nearest(words, token),
    ...branches(text),
  ])
}

/** `50 reads and 10 writes per second`, with one word for each thing. */
function plainly(text: string): string {
  return text
    .toLowerCase()
    .replace(/^to\s+/, '')
    .replace(/\b([rw])(?=\d)/g, '$1 ')
    .replace(/(?<=\d)\s*(?:rps|rq\/s|req\/s|requests?)\b/g, ' ')
    .replace(/\b(?:per|a)\s+second\b|(?<=\d)\s*\/\s*s(?:ec(?:ond)?)?\b/g, ' ')
    .replace(/[=:,\s]+|\band\b/g, ' ')
    .replace(/\b(?:reads|r)\b/g, 'read')
    .replace(/\b(?:writes|w)\b/g, 'write')
    .replace(/\s+/g, ' ')
    .trim()
}

/** `50 read 10 write` */
function swappedPairs(words: readonly string[]): string[] {
  return words.flatMap((_, i) => (i % 2 === 0 ? words.slice(i, i + 2).reverse() : []))
}

/** One number keeps the other as it is, or leaves it at what the organisation allows. */
function nearest(words: readonly string[], token: About['token']): Wish[] {
  const said = words.join(' ')
  if (/^(?:none|default|off|reset|unlimited)$/.test(said)) return [{ head: 'organisation' }]
  const [, first, second] = /^(\d{1,9}) (\d{1,9})$/.exec(said) ?? []
  if (first !== undefined) return [{ head: `read ${first} write ${second}` }]
  const [, of, number] = /^(?:(read|write) )?(\d{1,9})$/.exec(said.replace(/^(\d+) (read|write)$/, '$2 $1')) ?? []
  if (number === undefined || token === null) return []
  const { rateLimits } = token.before
  const now = rateLimits.kind === 'custom' ? rateLimits : token.facts.organisationLimits
  if (!now) return []
  const [reads, writes] = [{ head: `read ${number} write ${now.write}` }, { head: `read ${now.read} write ${number}` }]
  return of === undefined ? [reads!, writes!] : [of === 'read' ? reads! : writes!]
}

/** `to branch main` limits something else. */
function branches(text: string): Wish[] {
  return [{ verb: 'restrict', head: text }]
}

/** As much as the organisation allows. */
function nearer({ to }: Limit, { facts: { organisationLimits: most } }: Around): string | null {
  if (to === 'organisation' || !most) return null
  const [read, write] = [Math.min(to.read, most.read), Math.min(to.write, most.write)]
  const isLess = (read < to.read || write < to.write) && read > 0 && write > 0
  return isLess ? `read ${read} write ${write}` : null
}

function limitsAfter({ to, token }: Limit & Called, { before, facts }: Around): RateLimits {
  if (before.rateLimits.kind === 'ungoverned' || !facts.rateLimitsGoverned)
    throw new Refusal(
      'invalid',
      `Rate limits can't be edited on this stack, and stay as they are. ${whoHasLimits} Also, whoever runs Countersign has to name their fields (rate_limit_fields). What can be done: /token extend ${inLine(token)} ${extend.example}`,
    )
  return to === 'organisation' ? { kind: 'organisation' } : { kind: 'custom', ...to }
}
