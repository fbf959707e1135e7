import { isDay, laterBy } from '../token/expiry.ts'
import { lastDay, type Parts, written } from './calendar.ts'
import { monthNamed } from './days.ts'
import { plainTime } from './plain-time.ts'
import { inWords, ofMonth } from './times-in-words.ts'

/** Times that a text may have meant, as `extend` reads them, the likeliest first; empty if there are none. */
export function nearestTimes(typed: string, now: Date): string[] {
  const text = plainTime(typed)
  const [, year, month = ''] = /^(20\d\d)-(\d{1,2})$/.exec(text) ?? []
  if (Number(month) >= 1 && Number(month) <= 12) return ofMonth(Number(month), Number(year), now)
  return (
    fromToday(text, now) ??
    years(text) ??
    lengths(text) ??
    numbered(text) ??
    named(text, now) ??
    inWords(text, now) ??
    []
  )
}

/** The sentence about a day that no month has, or that may be two; null for other texts. */
export function whyNoDay(typed: string): string | null {
  const [, first, second, year] = slashed.exec(typed.trim()) ?? []
  if (year !== undefined && Number(first) <= 12 && Number(second) <= 12 && first !== second)
    return 'could mean either of two days: it is not clear which number is the month.'
  const parts = partsOf(typed.trim())
  if (parts === null || isDay(written(parts))) return null
  const last = lastDay(parts.year, parts.month)
  return `is not a day: ${monthNames[parts.month - 1]} ${parts.year} has ${last} days.`
}

const monthNames = 'January February March April May June July August September October November December'.split(' ')
const slashed = /^(\d{1,2})\/(\d{1,2})\/(\d{4})$/
const dotted = /^(\d{1,2})[.-](\d{1,2})[.-](\d{4})$/
const yearFirst = /^(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})$/
/** `31.12.` */
const dayDotMonth = /^(\d{1,2})\.(\d{1,2})\.?$/
const dayOfMonth = /^(\d{1,2})(?:st|nd|rd|th)?\.?[\s-]*(?:of\s+)?([a-z]{3,9})\.?(?:[\s,-]+(\d{4}))?$/i
const monthDay = /^([a-z]{3,9})\.?\s*(\d{1,2})(?:st|nd|rd|th)?(?:,?\s*(\d{4}))?$/i

/** `in 90 days`, `a month from now`: not after the current expiry. */
function fromToday(text: string, now: Date): string[] | null {
  const [, behind, before] = /^(?:in (.+)|(.+) from (?:now|today))$/.exec(text) ?? []
  const [length] = lengths(behind ?? before ?? '') ?? []
  const [, count, unit] = /^(\d+)([dwmy])$/.exec(length ?? '') ?? []
  if (count === undefined) return null
  const day = laterBy(now.toISOString().slice(0, 10), { count: Number(count), unit: unit as 'd' | 'w' | 'm' | 'y' })
  return day === null ? null : [day]
}

/** `2027`: at its start or at its end. */
function years(text: string): string[] | null {
  return /^(?:by )?20\d\d$/.test(text) ? [`${text.slice(-4)}-12-31`, `${text.slice(-4)}-01-01`] : null
}

function partsOf(text: string, thisYear?: number): Parts | null {
  const [, y, m, d] = yearFirst.exec(text) ?? []
  if (d !== undefined) return valid({ year: Number(y), month: Number(m), day: Number(d) })
  const [, day, month, year] = dotted.exec(text) ?? []
  if (year !== undefined) return valid({ year: Number(year), month: Number(month), day: Number(day) })
  const [, dotDay, dotMonth] = dayDotMonth.exec(text) ?? []
  if (dotMonth !== undefined && thisYear !== undefined)
    return valid({ year: thisYear, month: Number(dotMonth), day: Number(dotDay) })
  const [, dayText, name = '', ofYear = thisYear] = dayOfMonth.exec(text) ?? swapped(monthDay.exec(text)) ?? []
  const number = monthNamed(name)
  if (dayText === undefined || number === 0 || ofYear === undefined) return null
  return valid({ year: Number(ofYear), month: number, day: Number(dayText) })
}

function swapped(found: RegExpExecArray | null): (string | undefined)[] | null {
  return found && [found[0], found[2], found[1], found[3]]
}

function valid(parts: Parts): Parts | null {
  const { month, day } = parts
  return month >= 1 && month <= 12 && day >= 1 && day <= 31 ? parts : null
}

/** `3mo`, `90`, `1.5y` and `half a year` */
function lengths(text: string): string[] | null {
  const bare = text
    .replace(/^(?:by|for|an? additional|another(?= \d)|\+)\s*/, '')
    .replace(/^another /, 'a ')
    .replace(/^(\d+) more /, '$1 ')
    .replace(/\s*(?:more|longer|later|extra)$/, '')
  if (
    /^(?:forever|for ever|ever|unlimited|no expiry|none|indefinite(?:ly)?|permanent(?:ly)?|infinit(?:e|ely|y)|no end|no limit)$/.test(
      bare,
    )
  )
    return ['never']
  if (/^\d{1,4}$/.test(bare)) return [`${bare}d`]
  const [, count = '', unit = ''] = /^(\d{1,4}|an?|one|half an?)\s*(\p{L}+)\.?$/u.exec(bare) ?? []
  const known = units.find(([word]) => word.test(unit))
  if (!known) return null
  const [, times, letter] = known
  if (count.startsWith('half')) return unit.startsWith('y') ? ['6m'] : null
  const number = /^\d+$/.test(count) ? Number(count) : 1
  return number === 0 ? null : [`${number * times}${letter}`]
}

const units: readonly (readonly [RegExp, number, string])[] = [
  [/^d(?:ays?)?$/, 1, 'd'],
  [/^w(?:(?:ee)?ks?)?$/, 1, 'w'],
  [/^(?:m|mos?|mths?|mons?|months?)$/, 1, 'm'],
  [/^(?:q|quarters?)$/, 3, 'm'],
  [/^(?:y|yrs?|years?)$/, 1, 'y'],
]

/** `31.03.2027`, `03/04/2027`, `30 February 2027` */
function numbered(text: string): string[] | null {
  const [, first, second, year] = slashed.exec(text) ?? []
  if (year !== undefined) {
    const both = [`${first}.${second}.${year}`, `${second}.${first}.${year}`].map((one) => partsOf(one))
    return [...new Set(both.flatMap((parts) => (parts ? [inMonth(parts)] : [])))]
  }
  const parts = partsOf(text)
  return parts && [inMonth(parts)]
}

function inMonth(parts: Parts): string {
  return written({ ...parts, day: Math.min(parts.day, lastDay(parts.year, parts.month)) })
}

/** `31 march`: the next one. */
function named(text: string, now: Date): string[] | null {
  const today = now.toISOString().slice(0, 10)
  const year = now.getUTCFullYear()
  const days = [year, year + 1].flatMap((one) => {
    const parts = partsOf(text, one)
    return parts ? [inMonth(parts)] : []
  })
  const next = days.find((day) => day > today)
  return next === undefined ? null : [next]
}
