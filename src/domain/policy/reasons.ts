import { millisecondsInDay, millisecondsInHour, millisecondsInMinute } from 'date-fns/constants'
import { accessInWords, modulesInWords } from '../token/access.ts'
import type { Effect } from '../token/effect.ts'
import { type Access, type Module, modules, rank } from '../token/token.ts'
import { scopeReasons } from './scope-reasons.ts'

/** The reasons for a verdict, each the rest of a sentence about the token: "gains write on entries". */
export function reasonsOf(effects: readonly Effect[]): string[] {
  return [...accessReasons(effects), ...scopeReasons(effects), ...otherReasons(effects)]
}

type Move = {
  readonly to: Module | 'everything'
  readonly after: Access
  readonly does: 'gains' | 'loses' | 'is given' | 'is no longer given'
  readonly access: string
  readonly isLess: boolean
}

function accessReasons(effects: readonly Effect[]): string[] {
  return accessMoves(effects).map(({ does, what }) => `${does} ${what}`)
}

/** One way in which access moves: `gains` and `write on assets`, which is one of the modules. */
export type AccessMove = Pick<Move, 'does' | 'isLess'> & { readonly what: string; readonly modules: number }

/** Modules with the same change are listed together, and left out if the whole stack changes that way. */
export function accessMoves(effects: readonly Effect[]): AccessMove[] {
  const moves = effects.flatMap(({ direction, what }): Move[] =>
    what.kind === 'access'
      ? [{ to: what.to, after: what.after, ...moveInWords(direction, what.before, what.after) }]
      : [],
  )
  const whole = moves.find((move) => move.to === 'everything')
  const saidOf = ({ does, access }: Move) => `${does} ${access}`
  const groups = Map.groupBy(
    moves.filter((move) => whole === undefined || saidOf(move) !== saidOf(whole)),
    saidOf,
  )
  const moved = ({ does, isLess, access }: Move, where: string, modules: number) => {
    return { does, isLess, what: `${access} on ${where}`, modules }
  }
  return [
    ...(whole ? [moved(whole, `the whole stack${exceptions(moves, whole)}`, modules.length)] : []),
    ...[...groups.values()].map((group) =>
      moved(group[0]!, modulesInWords(group.map(({ to }) => to as Module)), group.length),
    ),
  ]
}

/** The modules that keep more access than is left on the whole stack. Access that is gained has no exceptions. */
function exceptions(moves: readonly Move[], whole: Move): string {
  if (!whole.isLess) return ''
  const left = new Map(moves.map(({ to, after }) => [to, after]))
  const others = modules.filter((module) => rank[left.get(module) ?? 'write'] > rank[whole.after])
  if (others.length === modules.length) return ' except for the modules that Countersign knows'
  return others.length === 0 ? '' : ` except for ${modulesInWords(others)}`
}

/** For an entry that is not understood, says what is written, and not what the token may then do. */
function moveInWords(
  direction: Effect['direction'],
  before: Access,
  after: Access,
): Pick<Move, 'does' | 'access' | 'isLess'> {
  const [more, less] =
    direction === 'unknown' ? (['is given', 'is no longer given'] as const) : (['gains', 'loses'] as const)
  if (rank[after] > rank[before])
    return { isLess: false, does: more, access: before === 'read' ? 'write' : accessInWords(after) }
  return { isLess: true, does: less, access: after === 'read' ? 'write' : accessInWords(before) }
}

type OfKind<K extends Effect['what']['kind']> = Extract<Effect['what'], { readonly kind: K }>
type Alone = OfKind<'branch limits' | 'beside unclear' | 'expiry' | 'rate' | 'other'>

function otherReasons(effects: readonly Effect[]): string[] {
  return effects.flatMap(({ what }) => (what.kind === 'access' || 'name' in what ? [] : [reasonOf(what)]))
}

/** The reason that one effect is by itself. */
export function reasonOf(what: Alone): string {
  switch (what.kind) {
    case 'branch limits':
      return what.named ? firstNamed : noneNamed
    case 'beside unclear':
      return `what that means is not known, ${besideInWords(what.less)}`
    case 'expiry':
      return lifetimeInWords(what)
    case 'rate':
      return rateInWords(what)
    case 'other':
      return 'changes something that Countersign does not understand'
  }
}

/** The rest of a reason, for whoever has just read what is written. */
export function leftToSay(what: OfKind<'branch limits' | 'expiry' | 'rate'>): string {
  switch (what.kind) {
    case 'branch limits':
      return what.named ? 'what it reached until now is not known' : 'what it then reaches is not known'
    case 'expiry':
      return lifetimeUntilNow(what)
    case 'rate':
      return `the ${what.of} limit was ${rate(what.before)}`
  }
}

type Lifetime = OfKind<'expiry'>

/** Only one of the two can be `null`. */
function lifetimeUntilNow({ before, after, revives }: Lifetime): string {
  if (revives) return hadExpired(before)
  if (before === null) return 'had no expiry until now'
  return after === null ? `was to expire ${whenInWords(before)}` : `expires ${laterInWords(before, after)}`
}

function besideInWords(less: readonly Module[]): string {
  return less.length === 0
    ? 'because of a scope entry that Countersign does not understand'
    : `since the token's scope grants less for ${modulesInWords(less)} than for the whole stack, and it is not clear which counts`
}

const firstNamed = 'names branches or aliases for the first time, and what it reached until now is not known'
const noneNamed = 'no longer names any branch or alias, and what it then reaches is not known'

function lifetimeInWords({ before, after, revives }: Lifetime): string {
  if (revives)
    return `works again${after === null ? ' and no longer expires' : `, and expires ${whenInWords(after)}`}; it ${hadExpired(before)}`
  if (after === null) return 'no longer expires'
  if (before === null) return `expires ${whenInWords(after)}; until now, it had no expiry`
  return `expires ${laterInWords(before, after)}, ${whenInWords(after)}`
}

function hadExpired(before: number | null): string {
  return `had expired ${whenInWords(before ?? 0)}`
}

function laterInWords(before: number, after: number): string {
  return `${lengthInWords(Math.abs(after - before))} ${after > before ? 'later' : 'sooner'}`
}

function whenInWords(instant: number): string {
  const [day, time = ''] = new Date(instant).toISOString().split('T')
  return instant % millisecondsInDay === 0 ? `on ${day}` : `on ${day} at ${time.slice(0, 5)} UTC`
}

/** A length of time, in the unit that a person would use. */
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

/** Says nothing of access, which a rate limit does not give: the token may not be able to write at all. */
function rateInWords({ of, before, after }: Extract<Effect['what'], { kind: 'rate' }>): string {
  if (!Number.isFinite(after)) return `gets the organisation's ${of} limit instead of ${rate(before)}`
  return `gets a ${of} limit of ${after} a second instead of ${rate(before)}`
}

function rate(limit: number): string {
  return Number.isFinite(limit) ? `${limit} a second` : "the organisation's"
}
