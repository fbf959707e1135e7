import { millisecondsInDay, millisecondsInHour, millisecondsInMinute } from 'date-fns/constants'
import { accessInWords, moduleInWords } from './diff.ts'
import { instantOf } from './expiry.ts'
import { distinctInList } from './look-alikes.ts'
import { nameInWords, repointed, targetOf } from './targets.ts'
import { type Access, type Module, modules, type RateLimits, rank, type Settings } from './token.ts'

/**
 * One way in which a change moves what a token may do. `wider` is more access, `narrower` less. What is not understood is
 * both, so that nobody takes it for harmless. `otherwise`: the branch or alias through which the token reaches the same branch
 * without this name, so that only the day on which an alias is pointed elsewhere makes a difference. `perhaps`: an alias through
 * which it may, since nobody knows where that points.
 */
export type Effect = {
  readonly direction: 'wider' | 'narrower' | 'unknown'
  readonly what:
    | { readonly kind: 'access'; readonly to: Module | '$all'; readonly before: Access; readonly after: Access }
    /** `added`: named from now on, or no longer. */
    | {
        readonly kind: 'branch'
        readonly name: string
        readonly added: boolean
        readonly otherwise?: string | undefined
        readonly perhaps?: string | undefined
      }
    /** `target`: the branch it points to, where that is known. */
    | {
        readonly kind: 'alias'
        readonly name: string
        readonly added: boolean
        readonly target?: string
        readonly otherwise?: string | undefined
        readonly perhaps?: string | undefined
      }
    /** `named`: names its first branch or alias, or none any more. */
    | { readonly kind: 'branch limits'; readonly named: boolean }
    | { readonly kind: 'expiry'; readonly before: number | null; readonly after: number | null }
    | { readonly kind: 'rate'; readonly of: 'read' | 'write'; readonly before: number; readonly after: number }
    /** Access or reach that moves beside a scope entry which may be about all of it, or beside modules with less than the whole stack. */
    | { readonly kind: 'beside unclear'; readonly less: readonly Module[] }
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
  const moved = [...accessEffects(before, after), ...scopeEffects(before, after)]
  const less = modules.filter((module) => hasLess(before, module) || hasLess(after, module))
  const isUnclear = areUnclear(before, after) ? moved.length > 0 : less.length > 0 && !sameAccess(before, after)
  return [
    ...(isUnclear ? asUnclear(moved, less) : moved),
    ...expiryEffects(before.expiresOn, after.expiresOn),
    ...rateEffects(before.rateLimits, after.rateLimits),
    ...otherEffects(before, after),
  ]
}

/** True for one that its own entry grants less than the one for the whole stack: nothing says which counts. */
function hasLess({ permissions: { everything, modules } }: Settings, module: Module): boolean {
  const own = modules[module]
  return own !== undefined && rank[own] < rank[everything]
}

function sameAccess(before: Settings, after: Settings): boolean {
  const own = ({ permissions: { everything, modules: own } }: Settings) => [
    everything,
    ...modules.map((one) => own[one]),
  ]
  return JSON.stringify(own(before)) === JSON.stringify(own(after))
}

/** Nobody can say what more or less of anything comes to, beside a scope entry that is not understood. */
function asUnclear(moved: readonly Effect[], less: readonly Module[]): Effect[] {
  const named = moved.map(({ what }) => ('name' in what ? { ...what, otherwise: undefined, perhaps: undefined } : what))
  return [...named, { kind: 'beside unclear' as const, less }].map((what) => ({ direction: 'unknown', what }))
}

/** An entry that the app does not understand, whatever it names, may be about what every other one grants. */
function areUnclear(before: Settings, after: Settings): boolean {
  return before.otherScope.length + after.otherScope.length > 0
}

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

/**
 * No public text says what a token reaches that names no branch and no alias on a stack with branches: all of them, none, or
 * the main one. So nobody can say what its first name, or the end of its last, comes to.
 */
function scopeEffects(before: Settings, after: Settings): Effect[] {
  if (!areUnclear(before, after) && isLimited(before) !== isLimited(after))
    return [{ direction: 'unknown', what: { kind: 'branch limits', named: isLimited(after) } }]
  return [...branchEffects(before, after), ...aliasEffects(before, after)]
}

function isLimited({ branches, aliases }: Settings): boolean {
  return branches.length + aliases.length > 0
}

function branchEffects(before: Settings, after: Settings): Effect[] {
  const effect = (added: boolean, otherwise: Otherwise) => (name: string) => ({
    direction: added ? ('wider' as const) : ('narrower' as const),
    what: { kind: 'branch', name, added, ...otherwise(name) } as const,
  })
  return [
    ...lacking(after.branches, before.branches).map(effect(true, otherwiseIn(before))),
    ...lacking(before.branches, after.branches).map(effect(false, perhapsIn(after))),
  ]
}

/** One that is known to point to another branch after than before is two: what it reaches now, and what it no longer does. */
function aliasEffects(before: Settings, after: Settings): Effect[] {
  const moved = new Set(repointed(before, after).map(({ alias }) => alias))
  const effect = (added: boolean, of: Settings, otherwise: Otherwise) => (name: string) => {
    const target = targetOf(of, name)
    const known = target !== undefined && { target, ...(!moved.has(name) && otherwise(target)) }
    const what = { kind: 'alias', name, added, ...known } as const
    return { direction: added ? ('wider' as const) : ('narrower' as const), what }
  }
  return [
    ...lacking(after.aliases, before.aliases, moved).map(effect(true, after, otherwiseIn(before))),
    ...lacking(before.aliases, after.aliases, moved).map(effect(false, before, perhapsIn(after))),
  ]
}

type Otherwise = (branch: string) => { readonly otherwise?: string; readonly perhaps?: string }

/** What else in these settings reaches a branch, its own name first. */
function otherwiseIn(other: Settings): Otherwise {
  const named = new Set(other.branches)
  const reaching = new Map<string | undefined, string>()
  for (const alias of other.aliases.toReversed()) reaching.set(targetOf(other, alias), alias)
  return (branch) => {
    const found = named.has(branch) ? branch : reaching.get(branch)
    return found === undefined ? {} : { otherwise: found }
  }
}

/** The same, or what may: of a branch that is taken away, nobody can say that it is no longer reached. */
function perhapsIn(other: Settings): Otherwise {
  const known = otherwiseIn(other)
  const perhaps = other.aliases.find((alias) => targetOf(other, alias) === undefined)
  return (branch) => {
    const found = known(branch)
    return found.otherwise === undefined && perhaps !== undefined ? { perhaps } : found
  }
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

type Move = { readonly to: Module | '$all'; readonly after: Access; readonly said: string; readonly isLess: boolean }

/** Modules that the same thing happens to are named together; when the whole stack moves, they go without saying. */
function accessReasons(effects: readonly Effect[]): string[] {
  const moves = effects.flatMap(({ direction, what }) =>
    what.kind === 'access'
      ? [{ to: what.to, after: what.after, ...moveInWords(direction, what.before, what.after) }]
      : [],
  )
  const whole = moves.find((move) => move.to === '$all')
  const groups = Map.groupBy(
    moves.filter((move) => move.said !== whole?.said),
    ({ said }) => said,
  )
  return [
    ...(whole ? [`${whole.said} on the whole stack${exceptions(moves, whole)}`] : []),
    ...[...groups].map(([words, group]) => `${words} on ${modulesInWords(group.map(({ to }) => to as Module))}`),
  ]
}

/** What keeps more than is left on the whole stack: what does not move at all does. Nothing gained is missing anywhere. */
function exceptions(moves: readonly Move[], whole: Move): string {
  if (!whole.isLess) return ''
  const left = new Map(moves.map(({ to, after }) => [to, after]))
  const others = modules.filter((module) => rank[left.get(module) ?? 'write'] > rank[whole.after])
  if (others.length === modules.length) return ' but for the modules that Countersign knows'
  return others.length === 0 ? '' : ` but for ${modulesInWords(others)}`
}

function modulesInWords(these: readonly Module[]): string {
  return these.map((module) => moduleInWords(module).toLowerCase()).join(', ')
}

/** What is not understood is said by what is written, and not by what the token then may do. */
function moveInWords(direction: Effect['direction'], before: Access, after: Access): Pick<Move, 'said' | 'isLess'> {
  const [more, less] = direction === 'unknown' ? ['is given', 'is no longer given'] : ['gains', 'loses']
  if (rank[after] > rank[before])
    return { isLess: false, said: `${more} ${before === 'read' ? 'write' : accessInWords(after)}` }
  return { isLess: true, said: `${less} ${after === 'read' ? 'write' : accessInWords(before)}` }
}

function scopeReasons(effects: readonly Effect[]): string[] {
  return scopeGroups(effects).map(({ lead, names }) => {
    return `${lead}${names.map(namedInWords).join(', ')}`
  })
}

function namedInWords(what: Named): string {
  const reached = reachedInWords(what)
  return nameInWords({ target: undefined, ...what }, reached && `${reached.how}${reached.through ?? ''}`)
}

/** A branch or an alias that is named from now on, or no longer. */
export type Named = Extract<Effect['what'], { name: string }>

/** Names that the same is said of, with what is said before them: "no longer reaches branch ". What is added comes first. */
export function scopeGroups(effects: readonly Effect[]): { lead: string; names: readonly Named[] }[] {
  const scope = effects.flatMap(({ direction, what }) =>
    'name' in what ? [{ lead: leadOf(direction, what), what }] : [],
  )
  const ordered = scope.toSorted((a, b) => Number(b.what.added) - Number(a.what.added))
  return [...Map.groupBy(ordered, ({ lead }) => lead)].map(([lead, group]) => ({
    lead,
    names: group.map(({ what }) => what),
  }))
}

function leadOf(direction: Effect['direction'], what: Named): string {
  const { kind, added, otherwise, perhaps } = what
  // It may point to what the token reaches by another name.
  const isUntold = kind === 'alias' && !added && what.target === undefined
  if (isUntold || direction === 'unknown') return `${added ? 'names' : 'no longer names'} ${kind} `
  if ((otherwise ?? perhaps) !== undefined) return `${added ? 'also names' : 'no longer names'} ${kind} `
  return `${added ? 'reaches' : 'no longer reaches'} ${kind} `
}

type Reached = { readonly how: string; readonly through: string | null }

/** That the token reaches the same branch without this name, or may, and through which alias; null where it does not. */
export function reachedInWords({ kind, added, otherwise, perhaps }: Named): Reached | null {
  if (perhaps !== undefined) return { how: 'may still be reached through alias ', through: distinctInList(perhaps) }
  if (otherwise === undefined) return null
  const how = `${added ? 'already' : 'still'} reached`
  return kind === 'alias'
    ? { how, through: null }
    : { how: `${how} through alias `, through: distinctInList(otherwise) }
}

function otherReasons(effects: readonly Effect[]): string[] {
  return effects.flatMap(({ what }) => {
    switch (what.kind) {
      case 'branch limits':
        return [what.named ? firstNamed : noneNamed]
      case 'beside unclear':
        return [`what that comes to is not known, ${besideInWords(what.less)}`]
      case 'expiry':
        return [lifetimeInWords(what.before, what.after)]
      case 'rate':
        return [rateInWords(what)]
      case 'other':
        return ['changes something that Countersign does not understand']
      default:
        return []
    }
  })
}

function besideInWords(less: readonly Module[]): string {
  return less.length === 0
    ? 'beside a scope entry that Countersign does not understand'
    : `since the token's scope grants less for ${modulesInWords(less)} than for the whole stack, and nothing says which counts`
}

const firstNamed = 'names branches or aliases for the first time, and what it reached until now is not known'
const noneNamed = 'names no branch or alias any more, and what it then reaches is not known'

function lifetimeInWords(before: number | null, after: number | null): string {
  if (after === null) return 'never expires any more'
  if (before === null) return `expires ${whenInWords(after)}; until now, it never did`
  const length = lengthInWords(Math.abs(after - before))
  return `expires ${length} ${after > before ? 'later' : 'sooner'}, ${whenInWords(after)}`
}

function whenInWords(instant: number): string {
  const [day, time = ''] = new Date(instant).toISOString().split('T')
  return instant % millisecondsInDay === 0 ? `on ${day}` : `on ${day} at ${time.slice(0, 5)} UTC`
}

/** In the unit that a person would use. */
function lengthInWords(ms: number): string {
  const [unit, size] = lengths.find(([, size, least]) => ms >= (least ?? size)) ?? lengths.at(-1)!
  const many = Math.floor(ms / size)
  if (many === 0) return `less than a ${unit}`
  return `${ms % size === 0 || unit === 'day' ? '' : 'over '}${many} ${unit}${many === 1 ? '' : 's'}`
}

/** Days up to two years, since nobody says "a year and 35 days". */
const lengths: readonly (readonly [string, number, number?])[] = [
  ['year', 365 * millisecondsInDay, 730 * millisecondsInDay],
  ['day', millisecondsInDay],
  ['hour', millisecondsInHour],
  ['minute', millisecondsInMinute],
]

/** A limit gives no access: the token may have nothing that it may write. */
function rateInWords({ of, before, after }: Extract<Effect['what'], { kind: 'rate' }>): string {
  const old = Number.isFinite(before) ? `${before} a second` : "the organisation's"
  if (!Number.isFinite(after)) return `gets the organisation's ${of} limit instead of ${old}`
  return `gets a ${of} limit of ${after} a second instead of ${old}`
}
