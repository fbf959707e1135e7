import { dayMs } from '../../domain/day.ts'
import { Refusal } from '../../domain/refusal.ts'
import { instantOf } from '../instant.ts'

const days = { d: 1, w: 7 } as const

/** The instant from which changes are reported on: so many days or weeks before `now`, or the given day or instant. */
export function sinceOf(text: string, now: Date): string {
  const [, count, unit] = /^([1-9]\d{0,3})([dw])$/.exec(text) ?? []
  if (count && unit) return before(now, Number(count) * days[unit as keyof typeof days])
  const instant = instantOf(text)
  if (instant !== null) return instant
  throw new Refusal(
    'invalid',
    `--since ${text} can't be read: give a length such as 90d or 12w, a day such as 2026-06-01, or an instant such as 2026-06-01T09:00:00Z. Nothing was reported.`,
  )
}

function before(now: Date, count: number): string {
  return new Date(now.getTime() - count * dayMs).toISOString()
}
