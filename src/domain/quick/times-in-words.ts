import { laterBy } from '../token/expiry.ts'
import { endOf, written } from './calendar.ts'
import { monthNamed } from './days.ts'

/** `tomorrow`, `next friday`, `December`, `end of month`, `end of march 2027`, `Q2 2027` */
export function inWords(text: string, now: Date): string[] | null {
  return fromNow(text, now) ?? monthAlone(text, now) ?? endSaid(text.replace(/^eo([ymq])$/, endOfLetter), now)
}

function fromNow(text: string, now: Date): string[] | null {
  const today = dayAt(now)
  if (text === 'tomorrow') return [laterBy(today, { count: 1, unit: 'd' })!]
  const [, next = ''] = /^(?:the )?next ([a-z]{3,})$/.exec(text) ?? []
  if (/^(?:week|month|year)$/.test(next)) return [laterBy(today, { count: 1, unit: next[0] as 'w' | 'm' | 'y' })!]
  const day = next || text
  const weekday = day.length > 2 ? weekdays.findIndex((name) => name.startsWith(day)) : -1
  return weekday < 0 ? null : [laterBy(today, { count: ((weekday - now.getUTCDay() + 6) % 7) + 1, unit: 'd' })!]
}

const weekdays = 'sunday monday tuesday wednesday thursday friday saturday'.split(' ')

function monthAlone(text: string, now: Date): string[] | null {
  const [, name = '', year] = /^([a-z]{3,9})\.?(?: (20\d\d))?$/.exec(text) ?? []
  const month = monthNamed(name)
  return month === 0 ? null : ofMonth(month, year === undefined ? null : Number(year), now)
}

/** `December`: its end or its start, in the next one unless the year is given. */
export function ofMonth(month: number, given: number | null, now: Date): string[] {
  const [today, thisYear] = [dayAt(now), now.getUTCFullYear()]
  const year = given ?? [thisYear, thisYear + 1].find((one) => endOf(one, month) > today)!
  return [endOf(year, month), written({ year, month, day: 1 })].filter((day) => day > today)
}

function endOfLetter(_: string, letter: string): string {
  return `end of ${letter === 'y' ? 'year' : letter === 'm' ? 'month' : 'quarter'}`
}

function endSaid(text: string, now: Date): string[] | null {
  const [year, month] = [now.getUTCFullYear(), now.getUTCMonth() + 1]
  const [, when = ''] = /^(?:the )?end of (?:the )?(next month|[a-z]+)$/.exec(text) ?? []
  if (when === 'next month') return [month === 12 ? endOf(year + 1, 1) : endOf(year, month + 1)]
  if (when === 'month') return [endOf(year, month)]
  if (when === 'year') return [endOf(year, 12)]
  if (when === 'quarter') return [endOf(year, Math.ceil(month / 3) * 3)]
  const [, name = '', quarter, given] =
    /^(?:(?:the )?end of (?:the )?([a-z]{3,})|(?:(?:the )?end of )?q([1-4]))(?: (\d{4}))?$/.exec(text) ?? []
  const last = quarter === undefined ? monthNamed(name) : Number(quarter) * 3
  if (last === 0) return null
  const from = Number(given ?? year)
  return [endOf(from, last), endOf(from + 1, last)].filter((end) => end > dayAt(now)).slice(0, 1)
}

function dayAt(now: Date): string {
  return now.toISOString().slice(0, 10)
}
