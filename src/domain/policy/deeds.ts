import { diff } from '../token/diff.ts'
import type { Effect } from '../token/effect.ts'
import type { FieldKey } from '../token/field.ts'
import type { Settings } from '../token/token.ts'
import { type AccessMove, accessMoves } from './reasons.ts'
import { type Named, scopeGroups } from './scope-reasons.ts'
import { effectsOf, type Judged, judgedAt } from './widening.ts'

/**
 * One thing that an edit does, as it would be named first. A branch that is `also` named can be reached without that.
 * `field`: does nothing to the token's access.
 */
export type Deed =
  | ({ readonly kind: 'access' } & AccessMove)
  | {
      readonly kind: 'scope'
      readonly does: (typeof doings)[number]
      readonly what: 'branch' | 'alias'
      readonly names: readonly string[]
    }
  | Extract<Effect['what'], { readonly kind: 'branch limits' | 'expiry' | 'rate' | 'other' }>
  | { readonly kind: 'name'; readonly to: string }
  | { readonly kind: 'field'; readonly label: string }

/**
 * Everything that an edit does, the most serious first: that the token works again at all; more access, on more modules before fewer; then what is not
 * understood; then less.
 */
export function deedsOf(edit: Judged): Deed[] {
  const { before, after } = edit
  const effects = effectsOf(before, after, judgedAt(edit))
  const moved = [
    ...accessMoves(effects).map((move): Deed => ({ kind: 'access', ...move })),
    ...scopeGroups(effects).map(scopeDeed),
    ...effects.flatMap(({ what }): Deed[] => (isAlone(what) ? [what] : [])),
  ]
  return [...moved, ...fieldsBesides(before, after, effects)].toSorted(
    (a, b) => rankOf(a) - rankOf(b) || modulesIn(b) - modulesIn(a),
  )
}

function isAlone(what: Effect['what']): what is Extract<Deed, Effect['what']> {
  return what.kind === 'branch limits' || what.kind === 'expiry' || what.kind === 'rate' || what.kind === 'other'
}

const doings = ['reaches', 'no longer reaches', 'names', 'also names', 'no longer names'] as const

function scopeDeed({ lead, names }: { lead: string; names: readonly Named[] }): Deed {
  const [{ kind: what }] = names as [Named, ...Named[]]
  const does = doings.find((one) => lead.startsWith(one)) ?? 'names'
  return { kind: 'scope', does, what, names: names.map(({ name }) => name) }
}

/** Fields that differ without any effect on what the token may do. */
function fieldsBesides(before: Settings, after: Settings, effects: readonly Effect[]): Deed[] {
  const judged = new Set(effects.flatMap(({ what }) => keysOf(what)))
  return diff(before, after)
    .filter(({ key }) => !judged.has(key))
    .map(({ key, label }) => (key === 'name' ? { kind: 'name', to: after.name } : { kind: 'field', label }))
}

function keysOf(what: Effect['what']): FieldKey[] {
  switch (what.kind) {
    case 'access':
      return [what.to === 'everything' ? 'everything' : `module.${what.to}`]
    case 'branch':
      return ['branches']
    case 'alias':
      return ['aliases']
    case 'branch limits':
      return ['branches', 'aliases']
    case 'expiry':
      return ['expiresOn']
    case 'rate':
      return ['rateLimits']
    case 'other':
      return ['otherScope', 'expiresOn']
    case 'beside unclear':
      return []
  }
}

function modulesIn(deed: Deed): number {
  return deed.kind === 'access' ? deed.modules : 0
}

function rankOf(deed: Deed): number {
  switch (deed.kind) {
    case 'access':
      return { gains: 0, 'is given': 2, 'is no longer given': 2, loses: 5 }[deed.does]
    case 'scope':
      return { reaches: 1, 'no longer reaches': 6, names: 2, 'also names': 4, 'no longer names': 6 }[deed.does]
    case 'other':
    case 'branch limits':
      return 2
    case 'expiry':
      if (deed.revives) return -1
      return isLonger(deed) ? 3 : 7
    case 'rate':
      return deed.after > deed.before ? 4 : 8
    case 'name':
      return 9
    case 'field':
      return 10
  }
}

/** True for a deed after which the token may do less. */
export function takesAway(deed: Deed): boolean {
  switch (deed.kind) {
    case 'access':
      return deed.does === 'loses'
    case 'scope':
      return deed.does === 'no longer reaches'
    case 'expiry':
      return !isLonger(deed)
    case 'rate':
      return deed.after < deed.before
    default:
      return false
  }
}

/** True if a token lives longer than before; null is for ever. */
export function isLonger({ before, after }: { before: number | null; after: number | null }): boolean {
  return (after ?? Number.POSITIVE_INFINITY) > (before ?? Number.POSITIVE_INFINITY)
}
