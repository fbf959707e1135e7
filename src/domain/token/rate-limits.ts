import { directionOf, type Effect } from './effect.ts'
import type { Asked, Edit, FieldErrors } from './field.ts'
import type { RateLimits, Settings } from './token.ts'

/**
 * Contentstack's own words on who has custom limits, for people on a stack where they can't be edited. Source:
 * contentstack.md §3.
 */
export const whoHasLimits =
  'Custom rate limits are a feature of some Contentstack plans; its support can tell whether yours has it.'

export function rateLimitsInWords(limits: RateLimits): string {
  if (limits.kind === 'custom') return ratesInWords(limits)
  return limits.kind === 'organisation' ? "the organisation's" : 'not managed here'
}

/** `1 read and 2 writes a second` */
export function ratesInWords({ read, write }: { readonly read: number; readonly write: number }): string {
  return `${read} ${read === 1 ? 'read' : 'reads'} and ${write} ${write === 1 ? 'write' : 'writes'} a second`
}

/** False if its fields are not configured, or hold something that can't be read. */
export function areLimitsKnown({ rateLimits }: Settings): boolean {
  return rateLimits.kind !== 'ungoverned'
}

export function rateErrors({ before, after, facts }: Asked): FieldErrors | undefined {
  if (after.rateLimits.kind !== 'custom') return undefined
  if (rateLimitsInWords(before.rateLimits) === rateLimitsInWords(after.rateLimits)) return undefined
  if (!areLimitsKnown(before) || !facts.rateLimitsGoverned)
    return { readRate: 'Rate limits are not managed for this stack.' }
  const { read, write } = after.rateLimits
  const readRate = rateError(read, 'reads', facts.organisationLimits?.read)
  const writeRate = rateError(write, 'writes', facts.organisationLimits?.write)
  return { ...(readRate && { readRate }), ...(writeRate && { writeRate }) }
}

function rateError(rate: number, what: string, limit: number | undefined): string | undefined {
  if (!Number.isInteger(rate) || rate <= 0) return 'Give a whole number above zero.'
  return limit !== undefined && rate > limit ? `The organisation allows at most ${limit} ${what} a second.` : undefined
}

/** The organisation's limits are the highest that a token can have. */
export function rateEffects({ rateLimits: before }: Settings, { rateLimits: after }: Settings): Effect[] {
  if (before.kind === 'ungoverned' || after.kind === 'ungoverned')
    return before.kind === after.kind ? [] : [{ direction: 'unknown', what: { kind: 'other' } }]
  const rate = (limits: RateLimits, of: 'read' | 'write') =>
    limits.kind === 'custom' ? limits[of] : Number.POSITIVE_INFINITY
  return (['read', 'write'] as const)
    .map((of) => ({ kind: 'rate' as const, of, before: rate(before, of), after: rate(after, of) }))
    .filter((what) => what.before !== what.after)
    .map((what) => ({ direction: directionOf(what.before, what.after), what }))
}

/** True if each number is either the old or the requested one. */
export function isOneOfTwoLimits({ before, after }: Edit, live: Settings): boolean {
  const [from, to, found] = [before.rateLimits, after.rateLimits, live.rateLimits]
  if (from.kind !== 'custom' || to.kind !== 'custom' || found.kind !== 'custom') return false
  return (['read', 'write'] as const).every((what) => found[what] === from[what] || found[what] === to[what])
}
