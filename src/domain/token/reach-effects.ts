import { directionOf, type Effect } from './effect.ts'
import { repointed, targetOf } from './targets.ts'
import { type Access, type Module, modules, rank, type Settings } from './token.ts'

/**
 * Access, branches and aliases, judged together: a scope entry that is not understood may affect what every other one
 * grants.
 */
export function reachEffects(before: Settings, after: Settings): Effect[] {
  const moved = [...accessEffects(before, after), ...scopeEffects(before, after)]
  const less = modules.filter((module) => hasLess(before, module) || hasLess(after, module))
  const isUnclear = areUnclear(before, after) ? moved.length > 0 : less.length > 0 && !sameAccess(before, after)
  return isUnclear ? asUnclear(moved, less) : moved
}

/** True if a module's own entry grants less than the one for the whole stack: no source says which counts. */
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

/** Beside a scope entry that is not understood, nobody can say what more or less of anything means. */
function asUnclear(moved: readonly Effect[], less: readonly Module[]): Effect[] {
  const named = moved.map(({ what }) => ('name' in what ? { ...what, otherwise: undefined, perhaps: undefined } : what))
  return [...named, { kind: 'beside unclear' as const, less }].map((what) => ({ direction: 'unknown', what }))
}

/** An entry that the app does not understand may affect what every other one grants, whatever it names. */
function areUnclear(before: Settings, after: Settings): boolean {
  return before.otherScope.length + after.otherScope.length > 0
}

/** Access to everything covers every module, including those this app does not know, so it is an effect of its own. */
function accessEffects(before: Settings, after: Settings): Effect[] {
  return (['everything', ...modules] as const)
    .map((to) => ({ kind: 'access' as const, to, before: accessTo(before, to), after: accessTo(after, to) }))
    .filter((what) => what.before !== what.after)
    .map((what) => ({ direction: directionOf(rank[what.before], rank[what.after]), what }))
}

export function accessTo({ permissions: { everything, modules } }: Settings, to: Module | 'everything'): Access {
  const own = to === 'everything' ? 'none' : (modules[to] ?? 'none')
  return rank[everything] > rank[own] ? everything : own
}

/**
 * No public text says what a token without branches and aliases reaches on a stack with branches: all of them, none, or
 * the main one. So nobody can say what adding its first name, or removing its last, means.
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

/**
 * An alias known to point to another branch than before has two effects: what it reaches now, and what it no longer
 * reaches.
 */
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

/** Finds what else in these settings reaches a branch; its own name first. */
function otherwiseIn(other: Settings): Otherwise {
  const named = new Set(other.branches)
  const reaching = new Map<string | undefined, string>()
  for (const alias of other.aliases.toReversed()) reaching.set(targetOf(other, alias), alias)
  return (branch) => {
    const found = named.has(branch) ? branch : reaching.get(branch)
    return found === undefined ? {} : { otherwise: found }
  }
}

/** The same, or what may reach it: if a branch is removed, nobody can say that it is no longer reached. */
function perhapsIn(other: Settings): Otherwise {
  const known = otherwiseIn(other)
  const perhaps = other.aliases.find((alias) => targetOf(other, alias) === undefined)
  return (branch) => {
    const found = known(branch)
    return found.otherwise === undefined && perhaps !== undefined ? { perhaps } : found
  }
}

const none: ReadonlySet<string> = new Set()

/** The names among these that are not among those, or are `moved`; each once. */
function lacking(these: readonly string[], those: readonly string[], moved = none): string[] {
  const others = new Set(those)
  return [...new Set(these)].filter((name) => moved.has(name) || !others.has(name))
}
