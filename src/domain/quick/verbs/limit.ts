import { nearestWord } from '../../nearest.ts'
import { Refusal } from '../../refusal.ts'
import { ratesInWords, whoHasLimits } from '../../token/rate-limits.ts'
import type { RateLimits } from '../../token/token.ts'
import { inLine } from '../quoted.ts'
import { type Read, wrong } from '../reading.ts'
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
  const words = text.toLowerCase().split(/[\s,]+/)
  const [one, first = '', other, second = ''] = words
  const named = (one === 'read' && other === 'write') || (one === 'write' && other === 'read')
  if (named && words.length === 4 && [first, second].every((number) => /^\d{1,9}$/.test(number))) {
    const [read, write] = one === 'read' ? [first, second] : [second, first]
    return { asks: { to: { read: Number(read), write: Number(write) } } }
  }
  const odd = words.find((word) => !/^(read|write|\d{1,9})$/.test(word))
  const meant = odd === undefined ? null : nearestWord(odd, ['read', 'write', 'organisation'])
  return wrong(odd ?? text, `does not say how many: say ${wanted}.`, meant)
}

function limitsAfter({ to, token }: Limit & Called, { before, facts }: Around): RateLimits {
  if (before.rateLimits.kind === 'ungoverned' || !facts.rateLimitsGoverned)
    throw new Refusal(
      'invalid',
      `Rate limits can't be edited on this stack, and stay as they are. ${whoHasLimits} Apart from that, whoever runs Countersign has to name their fields (rate_limit_fields). What can be done: /token extend ${inLine(token)} ${extend.example}`,
    )
  return to === 'organisation' ? { kind: 'organisation' } : { kind: 'custom', ...to }
}
