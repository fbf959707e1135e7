import { millisecondsInDay } from 'date-fns/constants'
import { accessTo } from '../token/reach-effects.ts'
import { type Module, modules, rank, type Settings } from '../token/token.ts'
import type { Choice } from './when.ts'

/** Each says what one choice in a form surely does, whatever else is chosen beside it. */

const wider = ['widens', 'both'] as const
const narrower = ['narrows', 'both'] as const

/** For a token that expires. */
export const neverExpires: Choice = { whens: [{ expiry: 'removed' }], verdicts: wider }

/** `instant`: in milliseconds, later than the token's expiry. */
export function expiresLater(instant: number, now: Date): Choice {
  const days = (instant - now.getTime()) / millisecondsInDay
  // A token that lives exactly as long as the limit is not over it.
  return { whens: [{ expiry: { laterThanDays: days - 1e-9 } }], verdicts: wider }
}

/** Null if the token has as much access already. */
export function givesAccess(before: Settings, to: Module | 'everything', access: 'read' | 'write'): Choice | null {
  const gains = (one: Module | 'everything') => rank[access] > rank[accessTo(before, one)]
  if (!gains(to)) return null
  const more = to === 'everything' ? (['$all', ...modules.filter(gains)] as const) : [to]
  const writes = access === 'write' ? [{ gains: ['write' as const] }, { writes: true }] : []
  return { whens: [...more.map((one) => ({ gains: [one] })), ...writes], verdicts: wider }
}

/** `target`: the branch that an alias is known to point to. */
export function addsName(name: string, target?: string): Choice {
  return { whens: touching(name, target), verdicts: wider }
}

export function takesName(name: string, target?: string): Choice {
  return { whens: touching(name, target), verdicts: narrower }
}

function touching(...names: readonly (string | undefined)[]) {
  return names.flatMap((name) => (name === undefined ? [] : [{ touches: [name] }]))
}

export const raisesLimits: Choice = { whens: [{ rateLimits: 'raised' }], verdicts: wider }
