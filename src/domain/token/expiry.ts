import { parseISO } from 'date-fns/parseISO'
import { remembered } from '../remembered.ts'
import type { Settings } from './token.ts'

/**
 * The instant at which a token stops working, in milliseconds; null is never, and NaN a text that is no date, or a time without a
 * zone, which means another instant to everybody.
 * A bare date is midnight UTC at the start of that day: the docs say midnight UTC without saying which end of the day,
 * and the earlier one is the safe reading. Source: contentstack.md §4.
 */
export function instantOf(expiresOn: string | null): number | null {
  return expiresOn === null ? null : instantWritten(expiresOn)
}

/** One card says when a token expires many times, before and after. */
const instantWritten = remembered((expiresOn) => {
  const text = bareDate.test(expiresOn) ? `${expiresOn}T00:00:00Z` : expiresOn
  return withZone.test(text) ? parseISO(text).getTime() : Number.NaN
})

const bareDate = /^\d{4}-\d\d-\d\d$/
const withZone = /^\d{4}-\d\d-\d\dT.+(Z|[+-]\d\d:?\d\d)$/

/** The day, in UTC, on which a token stops working; null for never, for no date, and for years no date picker knows. */
export function dayOf(expiresOn: string | null): string | null {
  const instant = instantOf(expiresOn)
  return instant === null || Number.isNaN(instant) ? null : dayAt(instant)
}

/** The same of a time without a zone as well, which is no instant, but names the day that a stack has made of a day. */
export function dayWritten(expiresOn: string | null): string | null {
  return dayOf(expiresOn) ?? dayOf(withoutZone.exec(expiresOn ?? '')?.[1] ?? null)
}

const withoutZone = /^(\d{4}-\d\d-\d\d)T\d\d:\d\d(?::\d\d(?:\.\d+)?)?$/

/**
 * Why a token's expiry stays as it is: a new date beside a field that may say otherwise, such as "never", could leave the token
 * with another end than the one that was approved. Null when nothing stands beside it.
 */
export function whyExpiryStays({ otherExpiry = [] }: Pick<Settings, 'otherExpiry'>): string | null {
  if (otherExpiry.length === 0) return null
  const [fields, them] = otherExpiry.length === 1 ? ['a field', 'it'] : ['fields', 'them']
  return `Countersign does not understand ${fields} about this token's expiry (${otherExpiry.join(', ')}), so the expiry beside ${them} can't be changed here: change it in Contentstack.`
}

/**
 * Why an edit of the expiry would leave the token expired, as a sentence; null when it would not, or edits something else. Asked
 * when it is filled in, rebased, approved and about to be written: its day may pass in between.
 */
export function whyOver(
  { before, after }: { readonly before: Settings; readonly after: Settings },
  now: Date,
): string | null {
  const expiry = instantOf(after.expiresOn)
  if (expiry === null || expiry === instantOf(before.expiresOn) || !(expiry <= now.getTime())) return null
  const end = endsItsDay(after.expiresOn) ? 'the end of that day (UTC)' : 'midnight UTC as that day begins'
  return `The token would have expired already: it ends at ${end}.`
}

/**
 * The expiry `before` moved to a day, in the format that came: a bare date, midnight UTC, or the end of its day. So a day more is
 * 24 hours more, whichever end of a day the stack keeps. Source: contentstack.md §4.
 */
export function movedTo(day: string, before: string | null): string {
  if (before === null || dayOf(before) === day) return before ?? day
  const ending = lastMinute.exec(before)
  return ending ? `${day}${ending[0]}` : writtenLike(before, day)
}

/** In UTC. */
const lastMinute = /T23:59(:\d\d(\.\d+)?)?(Z|[+-]00:?00)$/

/** True for an expiry that is the end of a day, in UTC. */
export function endsItsDay(expiresOn: string | null): boolean {
  return expiresOn !== null && lastMinute.test(expiresOn)
}

/** As people read it: a day where it is midnight UTC, else with its time. As it came where it is no instant, or not in UTC. */
export function expiryInWords(expiresOn: string | null): string {
  if (expiresOn === null) return 'never'
  const [, day, time = ''] = inUtc.exec(expiresOn) ?? []
  if (day === undefined || Number.isNaN(instantOf(expiresOn))) return expiresOn
  return /[1-9]/.test(time) ? `${day} ${time.replace(/\.0+$/, '')} UTC` : day
}

const inUtc = /^(\d{4}-\d\d-\d\d)T(\d\d:\d\d(?::\d\d(?:\.\d+)?)?)(?:Z|[+-]00:?00)$/

/** A day, written as `came` is: as a date, or as midnight UTC with the same fraction of a second and kind of zone. */
export function writtenLike(came: string, day: string): string {
  if (!came.includes('T')) return day
  const fraction = /\.\d+/.test(came) ? '.000' : ''
  return `${day}T00:00:00${fraction}${/[+-]\d\d:?\d\d$/.test(came) ? '+00:00' : 'Z'}`
}

/** Whether a text is a day there is, as `yyyy-MM-dd`. */
export function isDay(text: string): boolean {
  return dayOf(text) === text
}

export const units = ['d', 'w', 'm', 'y'] as const
export type Duration = { readonly count: number; readonly unit: (typeof units)[number] }

/**
 * The day that is so much later, in UTC; null beyond the year 9999. The last day of a shorter month stands for days that
 * it has not. Counted by hand because date-fns counts in the time zone of the process.
 */
export function laterBy(day: string, { count, unit }: Duration): string | null {
  const [year = 0, month = 0, date = 0] = day.split('-').map(Number)
  if (unit === 'd' || unit === 'w') return dayAt(Date.UTC(year, month - 1, date + count * (unit === 'w' ? 7 : 1)))
  const months = month - 1 + count * (unit === 'y' ? 12 : 1)
  const lastOfMonth = new Date(Date.UTC(year, months + 1, 0)).getUTCDate()
  return dayAt(Date.UTC(year, months, Math.min(date, lastOfMonth)))
}

function dayAt(instant: number): string | null {
  const iso = new Date(instant).toISOString()
  return /^\d{4}-/.test(iso) ? iso.slice(0, 10) : null
}
