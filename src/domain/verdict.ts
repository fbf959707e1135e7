import { millisecondsInDay } from 'date-fns/constants'
import { accessInWords, moduleInWords } from './diff.ts'
import { instantOf } from './expiry.ts'
import { nameInWords, repointed, targetOf } from './targets.ts'
import { type Access, type Module, modules, type RateLimits, type Settings } from './token.ts'

/**
 * One way in which a change moves what a token may do. `wider` is more access, `narrower` less. What is not understood is
 * both, so that nobody takes it for harmless.
 */
export type Effect = {
  readonly direction: 'wider' | 'narrower' | 'unknown'
  readonly what:
    | { readonly kind: 'access'; readonly to: Module | '$all'; readonly before: Access; readonly after: Access }
    | { readonly kind: 'branch'; readonly name: string }
    /** `target`: the branch it points to, where that is known. */
    | { readonly kind: 'alias'; readonly name: string; readonly target?: string }
    | { readonly kind: 'branch limits' }
    | { readonly kind: 'expiry'; readonly before: number | null; readonly after: number | null }
    | { readonly kind: 'rate'; readonly of: 'read' | 'write'; readonly before: number; readonly after: number }
    | { readonly kind: 'other' }
}

export type Verdict = 'widens' | 'narrows' | 'both' | 'neutral'

export function verdictOf(effects: readonly Effect[]): Verdict {
  const wider = effects.some((effect) => effect.direction !== 'narrower')
  const narrower = effects.some((effect) => effect.direction !== 'wider')
  if (wider && narrower) return 'both'
  if (wider) return 'widens'
  return narrower ? 'narrows' : 'neutral'
}

/** What a change from `before` to `after` does to what the token may do. None at all exactly when the access is the same. */
export function effectsOf(before: Settings, after: Settings): Effect[] {
  return [
    ...accessEffects(before, after),
    ...scopeEffects(before, after),
    ...expiryEffects(before.expiresOn, after.expiresOn),
    ...rateEffects(before.rateLimits, after.rateLimits),
    ...otherEffects(before, after),
  ]
}

const rank: Record<Access, number> = { none: 0, read: 1, write: 2 }

/** `$all` covers every module, those that this app does not know included, so it is an effect of its own. */
function accessEffects(before: Settings, after: Settings): Effect[] {
  return (['$all', ...modules] as const)
    .map((to) => ({ kind: 'access' as const, to, before: accessTo(before, to), after: accessTo(after, to) }))
    .filter((what) => what.before !== what.after)
    .map((what) => ({ direction: directionOf(rank[what.before], rank[what.after]), what }))
}

function accessTo({ permissions: { everything, modules } }: Settings, to: Module | '$all'): Access {
  const own = to === '$all' ? 'none' : (modules[to] ?? 'none')
  return rank[everything] > rank[own] ? everything : own
}

/** A token that names no branch and no alias is not limited to any, as on a stack without branches. */
function scopeEffects(before: Settings, after: Settings): Effect[] {
  const [limitedBefore, limitedAfter] = [isLimited(before), isLimited(after)]
  if (limitedBefore !== limitedAfter)
    return [{ direction: limitedBefore ? 'wider' : 'narrower', what: { kind: 'branch limits' } }]
  return [...branchEffects(before.branches, after.branches), ...aliasEffects(before, after)]
}

function isLimited({ branches, aliases }: Settings): boolean {
  return branches.length + aliases.length > 0
}

function branchEffects(before: readonly string[], after: readonly string[]): Effect[] {
  const effect = (direction: Effect['direction']) => (name: string) => ({
    direction,
    what: { kind: 'branch', name } as const,
  })
  return [...lacking(after, before).map(effect('wider')), ...lacking(before, after).map(effect('narrower'))]
}

/** One that is known to point to another branch after than before is two: what it reaches now, and what it no longer does. */
function aliasEffects(before: Settings, after: Settings): Effect[] {
  const moved = new Set(repointed(before, after).map(({ alias }) => alias))
  const effect = (direction: Effect['direction'], of: Settings) => (name: string) => {
    const target = targetOf(of, name)
    return { direction, what: { kind: 'alias', name, ...(target !== undefined && { target }) } as const }
  }
  return [
    ...lacking(after.aliases, before.aliases, moved).map(effect('wider', after)),
    ...lacking(before.aliases, after.aliases, moved).map(effect('narrower', before)),
  ]
}

const none: ReadonlySet<string> = new Set()

/** Each of these once that is not among those, or is `moved`. */
function lacking(these: readonly string[], those: readonly string[], moved = none): string[] {
  const others = new Set(those)
  return [...new Set(these)].filter((name) => moved.has(name) || !others.has(name))
}

function expiryEffects(expiresBefore: string | null, expiresAfter: string | null): Effect[] {
  const [before, after] = [instantOf(expiresBefore), instantOf(expiresAfter)]
  const [start, end] = [before ?? Number.POSITIVE_INFINITY, after ?? Number.POSITIVE_INFINITY]
  if (start === end || (Number.isNaN(start) && expiresBefore === expiresAfter)) return []
  if (Number.isNaN(start) || Number.isNaN(end)) return [{ direction: 'unknown', what: { kind: 'other' } }]
  return [{ direction: directionOf(start, end), what: { kind: 'expiry', before, after } }]
}

/** The organisation's limits are the highest that a token can have. */
function rateEffects(before: RateLimits, after: RateLimits): Effect[] {
  if (before.kind === 'ungoverned' || after.kind === 'ungoverned')
    return before.kind === after.kind ? [] : [{ direction: 'unknown', what: { kind: 'other' } }]
  const rate = (limits: RateLimits, of: 'read' | 'write') =>
    limits.kind === 'custom' ? limits[of] : Number.POSITIVE_INFINITY
  return (['read', 'write'] as const)
    .map((of) => ({ kind: 'rate' as const, of, before: rate(before, of), after: rate(after, of) }))
    .filter((what) => what.before !== what.after)
    .map((what) => ({ direction: directionOf(what.before, what.after), what }))
}

function otherEffects(before: Settings, after: Settings): Effect[] {
  const entries = ({ otherScope }: Settings) => JSON.stringify([...new Set(otherScope)].sort())
  return entries(before) === entries(after) ? [] : [{ direction: 'unknown', what: { kind: 'other' } }]
}

function directionOf(before: number, after: number): 'wider' | 'narrower' {
  return after > before ? 'wider' : 'narrower'
}

/** The reasons for a verdict, each the rest of a sentence about the token: "gains write on entries". */
export function reasonsOf(effects: readonly Effect[]): string[] {
  return [...accessReasons(effects), ...scopeReasons(effects), ...otherReasons(effects)]
}

/** Modules that the same thing happens to are named together; when the whole stack moves, they go without saying. */
function accessReasons(effects: readonly Effect[]): string[] {
  const moves = effects.flatMap(({ what }) => (what.kind === 'access' ? [what] : []))
  const whole = moves.find((move) => move.to === '$all')
  const said = (move: (typeof moves)[number]) => moveInWords(move.before, move.after)
  const others = moves.filter((move) => !whole || said(move) !== said(whole))
  const groups = Map.groupBy(others, said)
  return [
    ...(whole ? [`${said(whole)} on the whole stack`] : []),
    ...[...groups].map(
      ([words, group]) => `${words} on ${group.map(({ to }) => moduleInWords(to as Module).toLowerCase()).join(', ')}`,
    ),
  ]
}

function moveInWords(before: Access, after: Access): string {
  if (rank[after] > rank[before]) return `gains ${before === 'read' ? 'write' : accessInWords(after)}`
  return `loses ${after === 'read' ? 'write' : accessInWords(before)}`
}

function scopeReasons(effects: readonly Effect[]): string[] {
  const named = (kind: 'branch' | 'alias', direction: string) =>
    effects.flatMap((effect) =>
      effect.what.kind === kind && effect.direction === direction ? [nameInWords(effect.what)] : [],
    )
  const reason = (verb: string, what: string, names: string[]) =>
    names.length > 0 ? [`${verb} ${what} ${names.join(', ')}`] : []
  return [
    ...reason('reaches', 'branch', named('branch', 'wider')),
    ...reason('reaches', 'alias', named('alias', 'wider')),
    ...reason('no longer reaches', 'branch', named('branch', 'narrower')),
    ...reason('no longer reaches', 'alias', named('alias', 'narrower')),
  ]
}

function otherReasons(effects: readonly Effect[]): string[] {
  return effects.flatMap(({ direction, what }) => {
    switch (what.kind) {
      case 'branch limits':
        return direction === 'wider' ? ['is no longer limited to branches'] : ['becomes limited to branches']
      case 'expiry':
        return [lifetimeInWords(what.before, what.after)]
      case 'rate':
        return [`may ${what.of} ${rateInWords(what.after)} instead of ${rateInWords(what.before)}`]
      case 'other':
        return ['changes something that Countersign does not understand']
      default:
        return []
    }
  })
}

function lifetimeInWords(before: number | null, after: number | null): string {
  if (after === null) return 'never expires any more'
  if (before === null) return `expires on ${new Date(after).toISOString().slice(0, 10)}, where it never did`
  const days = Math.floor(Math.abs(after - before) / millisecondsInDay)
  const longer = after > before ? 'longer' : 'less'
  return days === 0 ? `lives some hours ${longer}` : `lives ${days} day${days === 1 ? '' : 's'} ${longer}`
}

function rateInWords(rate: number): string {
  return Number.isFinite(rate) ? `${rate} times a second` : "as often as the organisation's limit allows"
}
