import { dayMs } from '../day.ts'
import { distinctInList } from '../look-alikes.ts'
import { directionOf, type Effect } from './effect.ts'
import { dayOf, dayWritten, expiryInWords, instantOf, whyExpiryStays, whyOver } from './expiry.ts'
import type { Asked, Edit, Reading } from './field.ts'
import type { Settings } from './token.ts'

export function expiryRead({ expiresOn, otherExpiry = [] }: Settings, withOthers: boolean): Reading {
  const others = withOthers ? otherExpiry : []
  const beside = others.length === 0 ? '' : ` (${others.map(distinctInList).join(', ')})`
  return { value: `${expiryInWords(expiresOn)}${beside}`, meaning: `${expiryMeaning(expiresOn)}${beside}` }
}

function expiryMeaning(expiresOn: string | null): string {
  const instant = instantOf(expiresOn)
  return JSON.stringify(Number.isNaN(instant) ? expiresOn : instant)
}

export function expiryError({ before, after, now }: Asked): string | undefined {
  if (after.expiresOn === before.expiresOn) return undefined
  const stays = whyExpiryStays(before)
  if (stays !== null) return stays
  const expiry = instantOf(after.expiresOn)
  if (expiry === null || instantOf(before.expiresOn) === expiry) return undefined
  if (Number.isNaN(expiry)) return 'This is not a date: choose a day.'
  const over = whyOver({ before, after }, now)
  return over === null ? undefined : `${over} Choose a later day.`
}

export function expiryEffects(earlier: Settings, later: Settings, at: string | null): Effect[] {
  const [before, after] = [instantOf(earlier.expiresOn), instantOf(later.expiresOn)]
  const [start, end] = [before ?? Number.POSITIVE_INFINITY, after ?? Number.POSITIVE_INFINITY]
  if (start === end || (Number.isNaN(start) && earlier.expiresOn === later.expiresOn)) return []
  if (Number.isNaN(start) || Number.isNaN(end)) return [{ direction: 'unknown', what: { kind: 'other' } }]
  const revives = at !== null && start <= Date.parse(at) && end > Date.parse(at)
  const what = { kind: 'expiry', before, after, ...(revives && { revives }) } as const
  return [{ direction: directionOf(start, end), what }]
}

/** True for another time on the same day. */
export function isSameDay(sent: Settings, found: Settings): boolean {
  const day = dayOf(sent.expiresOn)
  return day !== null && day === dayWritten(found.expiresOn)
}

/** Allows for midnight somewhere other than UTC. */
export function isWithinADay({ after }: Edit, live: Settings): boolean {
  const [one, other] = [instantOf(after.expiresOn), instantOf(live.expiresOn)]
  return one !== null && other !== null && Math.abs(one - other) <= dayMs
}
