import { parseISO } from 'date-fns/parseISO'
import { remembered } from '../remembered.ts'
import type { Settings } from './token.ts'

/**
 * The instant at which a token stops working, in milliseconds; null means never; NaN is a text that is not a date, or a
 * time without a zone, which means another instant to everybody. A bare date is midnight UTC at the start of that day:
 * the docs say midnight UTC without saying which end of the day, and the earlier one is the safe reading. Source:
 * contentstack.md §4.
 */
export function instantOf(expiresOn: string | null): number | null {
  return expiresOn === null ? null : instantWritten(expiresOn)
}

/** One card says many times when a token expires, before and after. */
const instantWritten = remembered((expiresOn) => {
  const text = bareDate.test(expiresOn) ? `${expiresOn}T00:00:00Z` : expiresOn
  return withZone.test(text) ? parseISO(text).getTime() : Number.NaN
})

const bareDate = /^\d{4}-\d\d-\d\d$/
const withZone = /^\d{4}-\d\d-\d\dT.+(Z|[+-]\d\d:?\d\d)$/

/**
 * The day, in UTC, on which a token stops working; null for never, for a text that is not a date, and for years no date
 * picker knows.
 */
export function dayOf(expiresOn: string | null): string | null {
  const instant = instantOf(expiresOn)
  return instant === null || Number.isNaN(instant) ? null : dayAt(instant)
}

/**
 * The same, but also for a time without a zone: that is not an instant, but it names the day from which a stack made
 * it.
 */
export function dayWritten(expiresOn: string | null): string | null {
  return dayOf(expiresOn) ?? dayOf(withoutZone.exec(expiresOn ?? '')?.[1] ?? null)
}

const withoutZone = /^(\d{4}-\d\d-\d\d)T\d\d:\d\d(?::\d\d(?:\.\d+)?)?$/

/**
 * The reason a token's expiry can't be changed: a new date beside a field that may say otherwise, "never" for example,
 * could leave the token with another end than the approved one. Null if there is no such field.
 */
export function whyExpiryStays({ otherExpiry = [] }: Pick<Settings, 'otherExpiry'>): string | null {
  if (otherExpiry.length === 0) return null
  const fields = otherExpiry.length === 1 ? 'a field' : 'fields'
  return `Countersign does not understand ${fields} about this token's expiry (${otherExpiry.join(', ')}), so the expiry can't be changed here: change it in Contentstack.`
}

/** True if a token with this expiry has stopped working; false if that can't be told. */
export function isOver(expiresOn: string | null, now: Date): boolean {
  return (instantOf(expiresOn) ?? Number.NaN) <= now.getTime()
}

/**
 * The reason an edit of the expiry would leave the token expired, as a sentence; null if it would not, or edits
 * something else. Checked when it is filled in, rebased, approved and about to be written: its day may pass in between.
 */
export function whyOver(
  { before, after }: { readonly before: Settings; readonly after: Settings },
  now: Date,
): string | null {
  const expiry = instantOf(after.expiresOn)
  if (expiry === null || expiry === instantOf(before.expiresOn) || !isOver(after.expiresOn, now)) return null
  const end = endsItsDay(after.expiresOn) ? 'the end of that day (UTC)' : 'midnight UTC as that day begins'
  return `The token would have expired already: it ends at ${end}.`
}

/**
 * The expiry `before` moved to a day, in the format it came in: a bare date, midnight UTC, or the end of its day. So
 * one more day is 24 more hours, whichever end of a day the stack keeps. Source: contentstack.md §4.
 */
export function movedTo(day: string, before: string | null): string {
  if (before === null || dayOf(before) === day) return before ?? day
  const ending = lastMinute.exec(before)
  return ending ? `${day}${ending[0]}` : writtenLike(before, day)
}

/** In UTC. */
const lastMinute = /T23:59(:\d\d(\.\d+)?)?(Z|[+-]00:?00)$/

/** True if an expiry is the end of a day, in UTC. */
export function endsItsDay(expiresOn: string | null): boolean {
  return expiresOn !== null && lastMinute.test(expiresOn)
}

/**
 * The expiry as people read it: a day if it is midnight UTC, otherwise with its time. Unchanged if it is not an
 * instant, or not in UTC.
 */
export function expiryInWords(expiresOn: string | null): string {
  if (expiresOn === null) return 'never'
  const [, day, time = ''] = inUtc.exec(expiresOn) ?? []
  if (day === undefined || Number.isNaN(instantOf(expiresOn))) return expiresOn
  return /[1-9]/.test(time) ? `${day} ${time.replace(/\.0+$/, '')} UTC` : day
}

const inUtc = /^(\d{4}-\d\d-\d\d)T(\d\d:\d\d(?::\d\d(?:\.\d+)?)?)(?:Z|[+-]00:?00)$/

/** A day in the form of `came`: a date, or midnight UTC with the same fraction of a second and kind of zone. */
export function writtenLike(came: string, day: string): string {
  if (!came.includes('T')) return day
  const fraction = /\.\d+/.test(came) ? '.000' : ''
  return `${day}T00:00:00${fraction}${/[+-]\d\d:?\d\d$/.test(came) ? '+00:00' : 'Z'}`
}

/** True if a text is a real day, as `yyyy-MM-dd`. */
export function isDay(text: string): boolean {
  return dayOf(text) === text
}

export const units = ['d', 'w', 'm', 'y'] as const
export type Duration = { readonly count: number; readonly unit: (typeof units)[number] }

/**
 * The day that much later, in UTC; null beyond the year 9999. A day that a shorter month lacks becomes its last.
 * Counted by hand because date-fns counts in the process's time zone.
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
