import { millisecondsInDay } from 'date-fns/constants'
import { z } from 'zod'
import { instantOf } from '../token/expiry.ts'
import { modules, type Settings } from '../token/token.ts'
import { type Asked, asWritten, condition, listed, type RuledStack, within } from './condition.ts'
import { coversPattern, matches, matchesAny } from './glob.ts'
import { gains, raisesLimits, touches } from './moved.ts'
import { type Verdict, verdictOf, verdicts } from './widening.ts'
import { duration, pattern, who } from './written.ts'

const any = () => verdicts
const widening = (): readonly Verdict[] => ['widens', 'both']
const none = () => []

/** Every condition that a rule can have, by its key in a policy. Whatever reads, judges or checks rules goes through this. */
export const conditions = {
  verdict: condition({
    setting: 'verdict',
    isSettled: false,
    ...listed(z.enum(verdicts)),
    fits: (these, _, effects) => these.includes(verdictOf(effects())),
    covers: within,
    verdicts: (these) => these,
    askers: none,
    mistakes: none,
  }),
  /** Gains access to one of these: `write` to anything, `$all`, or any access to a module. */
  gains: condition({
    setting: 'gains',
    isSettled: false,
    ...listed(z.enum(['write', '$all', ...modules])),
    fits: (these, _, effects) => these.some((one) => gains(one, effects())),
    covers: within,
    verdicts: widening,
    askers: none,
    mistakes: none,
  }),
  /** Adds or removes a branch or alias of such a name, or an alias that points to a branch of such a name. */
  touches: condition({
    setting: 'touches',
    isSettled: false,
    ...listed(pattern),
    fits: (patterns, _, effects) => touches(patterns, effects()),
    covers: (wide, narrow) => within(wide, narrow, coversPattern),
    verdicts: () => ['widens', 'narrows', 'both'],
    askers: none,
    mistakes: none,
  }),
  /** `removed`: it would no longer expire. `laterThanDays`: it would live longer than that, counted from the request. */
  expiry: condition({
    setting: 'expiry',
    isSettled: false,
    written: z.union([
      z.literal('removed', 'write removed, or { later_than: 90d }'),
      z
        .strictObject({ later_than: duration })
        .transform(({ later_than }) => ({ laterThanDays: later_than / millisecondsInDay })),
    ]),
    kept: z.union([z.literal('removed'), z.object({ laterThanDays: z.number().positive() })]),
    fits: expiryFits,
    covers: coversExpiry,
    verdicts: (expiry) => (expiry === 'removed' ? widening() : any()),
    askers: none,
    mistakes: none,
  }),
  /** The token can, or can't, write something after the change. */
  writes: condition({
    setting: 'writes',
    isSettled: false,
    ...asWritten(z.boolean()),
    fits: (writes, { after }) => writes === canWrite(after),
    covers: Object.is,
    verdicts: any,
    askers: none,
    mistakes: none,
  }),
  rateLimits: condition({
    setting: 'rate_limits',
    isSettled: false,
    ...asWritten(z.literal('raised')),
    fits: (_, __, effects) => raisesLimits(effects()),
    covers: Object.is,
    verdicts: widening,
    askers: none,
    mistakes: (_, { concerned }) => noneGoverned(concerned),
  }),
  /** The token's name or uid. */
  token: condition({
    setting: 'token',
    isSettled: true,
    ...listed(pattern),
    fits: (patterns, { tokenUid, before }) => matchesAny(patterns, tokenUid, before.name),
    covers: namesWithin,
    verdicts: any,
    askers: none,
    mistakes: none,
  }),
  /** The stack's name in the configuration: for a policy of several stacks. */
  stack: condition({
    setting: 'stack',
    isSettled: true,
    ...listed(pattern),
    fits: (patterns, { stack }) => matchesAny(patterns, stack),
    covers: namesWithin,
    verdicts: any,
    askers: none,
    mistakes: (patterns, { all }) => patterns.flatMap((one) => noneCalled(one, all)),
  }),
  requester: condition({
    setting: 'requester',
    isSettled: true,
    ...listed(who),
    fits: (ids, { requesterIs }) => ids.some((id) => requesterIs.includes(id)),
    covers: within,
    verdicts: any,
    askers: (ids) => ids,
    mistakes: none,
  }),
}

type Expiry = 'removed' | { readonly laterThanDays: number }

function expiryFits(expiry: Expiry, { before, after, now }: Asked): boolean {
  const next = instantOf(after.expiresOn)
  if (expiry === 'removed') return before.expiresOn !== null && next === null
  return !(next !== null && next - now.getTime() <= expiry.laterThanDays * millisecondsInDay)
}

/** A token that never expires lives longer than any number of days. */
function coversExpiry(wide: Expiry, narrow: Expiry | undefined): boolean {
  if (wide === 'removed' || narrow === undefined) return wide === narrow
  return narrow === 'removed' || narrow.laterThanDays >= wide.laterThanDays
}

/** Scope entries that the app does not understand may grant writing, so they count as if they did. */
function canWrite({ permissions: { everything, modules }, otherScope }: Settings): boolean {
  return everything === 'write' || Object.values(modules).includes('write') || otherScope.length > 0
}

/** Rate limits can't be raised on a stack where they are not managed. */
function noneGoverned(stacks: readonly RuledStack[]): string[] {
  if (stacks.length === 0 || stacks.some(({ rateLimitsGoverned }) => rateLimitsGoverned)) return []
  return [`fits no change: rate limits are not managed (rate_limit_fields) on ${namesOf(stacks)}`]
}

function noneCalled(pattern: string, stacks: readonly RuledStack[]): string[] {
  if (stacks.some(({ name }) => matches(pattern, name))) return []
  return [`matches no stack: none of the stacks of this policy (${namesOf(stacks)}) is called ${pattern}`]
}

function namesOf(stacks: readonly RuledStack[]): string {
  return stacks.map(({ name }) => name).join(', ')
}

/** A rule without patterns takes every name. */
function namesWithin(wide: readonly string[], narrow: readonly string[] = ['*']): boolean {
  return within(wide, narrow, coversPattern)
}
