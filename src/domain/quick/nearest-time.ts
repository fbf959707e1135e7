import { isDay, laterBy } from '../token/expiry.ts'
import { dayIn, monthNamed } from './days.ts'

/** Times that a text may have meant, as `extend` reads them, the likeliest first; empty if there are none. */
export function nearestTimes(typed: string, now: Date): string[] {
  const text = typed.trim().toLowerCase().replace(/\s+/g, ' ')
  return lengths(text) ?? numbered(text) ?? named(text, now) ?? inWords(text, now) ?? []
}

/** The sentence about a day that no month has, or that may be two; null for other texts. */
export function whyNoDay(typed: string): string | null {
  const [, first, second, year] = slashed.exec(typed.trim()) ?? []
  if (year !== undefined && Number(first) <= 12 && Number(second) <= 12 && first !== second)
    return 'may be two days: it is not clear which number is the month.'
  const parts = partsOf(typed.trim())
  if (parts === null || isDay(written(parts))) return null
  const last = lastDay(parts.year, parts.month)
  return `is not a day: ${monthNames[parts.month - 1]} ${parts.year} has ${last} days.`
}

const monthNames = 'January February March April May June July August September October November December'.split(' ')
const slashed = /^(\d{1,2})\/(\d{1,2})\/(\d{4})$/
const dotted = /^(\d{1,2})[.-](\d{1,2})[.-](\d{4})$/
const yearFirst = /^(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})$/
const dayOfMonth = /^(\d{1,2})(?:st|nd|rd|th)?\.?[\s-]*(?:of\s+)?([a-z]{3,9})\.?(?:[\s,-]+(\d{4}))?$/i
const monthDay = /^([a-z]{3,9})\.?\s*(\d{1,2})(?:st|nd|rd|th)?(?:,?\s*(\d{4}))?$/i

type Parts = { readonly year: number; readonly month: number; readonly day: number }

function partsOf(text: string, thisYear?: number): Parts | null {
  const [, y, m, d] = yearFirst.exec(text) ?? []
  if (d !== undefined) return valid({ year: Number(y), month: Number(m), day: Number(d) })
  const [, day, month, year] = dotted.exec(text) ?? []
  if (year !== undefined) return valid({ year: Number(year), month: Number(month), day: Number(day) })
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

function written({ year, month, day }: Parts): string {
  return `${year}-${String(month).padStart(2, '0')}-${String(day).padStart(2, '0')}`
}

function lastDay(year: number, month: number): number {
  return new Date(Date.UTC(year, month, 0)).getUTCDate()
}

/** `3mo`, `90`, `1.5y` and `half a year` */
function lengths(text: string): string[] | null {
  const bare = text.replace(/^(?:by|for|another|an? additional|\+)\s*/, '').replace(/\s*(?:more|longer|later)$/, '')
  if (/^(?:forever|for ever|ever|unlimited|no expiry|none)$/.test(bare)) return ['never']
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

/** `tomorrow`, `end of month`, `end of march 2027`, `Q2 2027` */
function inWords(text: string, now: Date): string[] | null {
  const [year, month, day] = [now.getUTCFullYear(), now.getUTCMonth() + 1, now.toISOString().slice(0, 10)]
  if (text === 'tomorrow') return [laterBy(day, { count: 1, unit: 'd' })!]
  const [, when = '', ofYear] = /^(?:the )?end of (?:the )?([a-z]+)(?: (\d{4}))?$/.exec(text) ?? []
  const [, quarter, ofQuarter = year] = /^q([1-4])(?: (\d{4}))?$/.exec(text) ?? []
  if (when === 'month') return [endOf(year, month)]
  if (when === 'year') return [endOf(year, 12)]
  const last = quarter === undefined ? monthNamed(when) : Number(quarter) * 3
  if (last === 0) return null
  const given = Number(quarter === undefined ? (ofYear ?? year) : ofQuarter)
  return [endOf(given, last), endOf(given + 1, last)].filter((end) => end > day).slice(0, 1)
}

function endOf(year: number, month: number): string {
  return dayIn(written({ year, month, day: lastDay(year, month) }))!
}
