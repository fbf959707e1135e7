import { millisecondsInDay, millisecondsInHour, millisecondsInMinute } from 'date-fns/constants'
import { distinctInList } from '../look-alikes.ts'
import { accessInWords, moduleInWords } from '../token/access.ts'
import { type Effect, noEffects } from '../token/effect.ts'
import { fields, settingKeys } from '../token/fields.ts'
import { nameInWords } from '../token/targets.ts'
import { type Access, type Module, modules, rank, type Settings } from '../token/token.ts'

export const verdicts = ['widens', 'narrows', 'both', 'neutral'] as const
export type Verdict = (typeof verdicts)[number]

export function verdictOf(effects: readonly Effect[]): Verdict {
  const wider = effects.some((effect) => effect.direction !== 'narrower')
  const narrower = effects.some((effect) => effect.direction !== 'wider')
  if (wider && narrower) return 'both'
  if (wider) return 'widens'
  return narrower ? 'narrows' : 'neutral'
}

/** What a change from `before` to `after` does to what the token may do. None at all exactly when the access is the same. */
export function effectsOf(before: Settings, after: Settings): Effect[] {
  const all: Effect[] = []
  for (const of of effects) all.push(...of(before, after))
  return all
}

/** Fields that are judged together have the same. */
const effects = [...new Set(settingKeys.map((key) => fields[key].effects))].filter((of) => of !== noEffects)

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
