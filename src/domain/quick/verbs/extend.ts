import { nearestWord } from '../../nearest.ts'
import { Refusal } from '../../refusal.ts'
import { dayOf, isOver, laterBy, movedTo, units, whyExpiryStays } from '../../token/expiry.ts'
import { dayIn } from '../days.ts'
import { RefusedForAnother } from '../instead.ts'
import { nearestTimes, whyNoDay } from '../nearest-time.ts'
import { inLine, quoted } from '../quoted.ts'
import { type Read, wrong } from '../reading.ts'
import type { Around, Called, Outcome, Verb } from '../verb.ts'

type Until =
  /** A count below zero is that much sooner. */
  | { readonly kind: 'for'; readonly count: number; readonly unit: (typeof units)[number] }
  | { readonly kind: 'day'; readonly day: string }
  | { readonly kind: 'never' }
type Extend = { readonly until: Until }

export const extend: Verb<Extend> = {
  usage: '<90d | 2027-01-31 | never>',
  example: '90d',
  does: 'another expiry: a length of time after the current one, a day, or never',
  read,
  written: ({ until }) => {
    if (until.kind === 'for') return `${until.count}${until.unit}`
    return until.kind === 'day' ? until.day : 'never'
  },
  edit: (asks, around) => ({ ...around.before, expiresOn: expiryAfter(asks, around) }),
  understood: ({ until }, token, outcome) =>
    outcome.after.expiresOn === null
      ? ['let token ', token, ' never expire']
      : ['let token ', token, ` expire on ${dayOf(outcome.after.expiresOn)}`, since(until, outcome)],
}

/** `by 90d`, `until 31 Jan 2027`: people say it, and it says nothing more. */
const lead =
  /^(?:(?:(?:by|for)\s+)?(?:another\s+|\+)(?=\d+\s*[a-z]+$)|(?:by|for)\s+(?=[-–−]?\s*\d+\s*[a-z]+(?:\s+(?:earlier|sooner|less|shorter))?$)|(?:by|until|till|through|thru|to|on)\s+(?=\S))/i

const length = /^([-–−]\s*)?(\d+)\s*(d|days?|w|weeks?|m|months?|y|years?)$/i

function read(typed: string): Read<Extend> {
  const text = bare(typed).replace(lead, '')
  const wanted = 'a length such as 90d, 3w, 6m or 1y, a day such as 2027-01-31 or 31 Jan 2027, or never'
  if (text === '') return wrong(null, `Say until when: ${wanted}.`)
  if (text.toLowerCase() === 'never') return { asks: { until: { kind: 'never' } } }
  const day = dayIn(text)
  if (day !== null) return { asks: { until: { kind: 'day', day } } }
  const [, sooner, digits, word = ''] = length.exec(earlier(text)) ?? []
  if (digits !== undefined && /^(until|till|to|on)\s/i.test(typed))
    return wrong(
      text,
      `is a length of time after the current expiry: say by ${text}, or until a day such as 31 Jan 2027.`,
      `by ${text}`,
    )
  const count = Number(digits)
  const sign = sooner ? -1 : 1
  const unit = units.find((letter) => letter === word[0]?.toLowerCase())
  if (unit !== undefined && count >= 1 && count <= 9999)
    return { asks: { until: { kind: 'for', count: sign * count, unit } } }
  return unclear(text, typed, wanted)
}

/** `"90d"` */
function bare(typed: string): string {
  const whole = quoted(typed)
  return whole?.rest === '' ? whole.value : typed
}

/** `30d earlier` */
function earlier(text: string): string {
  return text.replace(/^(\d+\s*[a-z]+)\s+(?:earlier|sooner|less|shorter)$/i, '-$1')
}

function unclear(text: string, typed: string, wanted: string): Read<never> {
  const meant = nearestWord(text, ['never'])
  const says = whyNoDay(text) ?? `is not a length or a day that can be read: say ${wanted}.`
  return wrong(typed, says, meant, ({ now }) => nearestTimes(text, now).map((head) => ({ head })))
}

function expiryAfter({ until, token }: Extend & Called, { before, now }: Around): string | null {
  const stays = whyExpiryStays(before)
  if (stays !== null) throw new Refusal('invalid', stays)
  const { expiresOn } = before
  if (until.kind === 'never') return null
  if (until.kind === 'day') return movedTo(until.day, expiresOn)
  const from = countedFrom(expiresOn, now)
  if (from === null) throw nothingToCountFrom(token, expiresOn, now)
  const day = laterBy(from.day, until)
  if (day === null) throw new Refusal('invalid', 'That is beyond the year 9999: give a shorter time, or never.')
  return movedTo(day, expiresOn)
}

function nothingToCountFrom(token: string, expiresOn: string | null, now: Date): Refusal {
  const why = expiresOn === null ? 'The token never expires' : "Countersign can't tell when the token expires"
  const day = laterBy(now.toISOString().slice(0, 10), { count: 90, unit: 'd' })!
  return new RefusedForAnother(
    `${why}, so a length of time has nothing to count from: give a day, as in /token extend ${inLine(token)} ${day}.`,
    day,
  )
}

/**
 * The day that a length of time is counted from: the day on which the token expires, or today (UTC) if that is over. Null for a
 * token that never expires, or whose expiry can't be read.
 */
export function countedFrom(expiresOn: string | null, now: Date): { day: string; isToday: boolean } | null {
  const [day, today] = [dayOf(expiresOn), dayOf(now.toISOString())]
  if (day === null || today === null) return null
  return isOver(expiresOn, now) ? { day: today, isToday: true } : { day, isToday: false }
}

const unitWords = { d: 'day', w: 'week', m: 'month', y: 'year' }

function since(until: Until, { before, now, lastSeen }: Outcome): string {
  const from = countedFrom(before.expiresOn, now)
  if (until.kind !== 'for' || from === null) return ''
  const many = Math.abs(until.count)
  const length = `${many} ${unitWords[until.unit]}${many === 1 ? '' : 's'}`
  if (from.isToday) return `, ${length} ${until.count < 0 ? 'before' : 'from'} today (${from.day})`
  return `, ${length} ${until.count < 0 ? 'before' : 'after'} ${lastSeen ? 'the expiry that was last seen' : 'its current expiry'}, ${from.day}`
}
