import { distinctInList } from '../look-alikes.ts'
import type { Asked, Reading } from './field.ts'
import { besideUnknown, namesBranchesUnclearly } from './not-understood.ts'
import { aliasInWords, repointed } from './targets.ts'
import type { Settings, StackFacts, Unread } from './token.ts'

export function branchesRead({ branches }: Settings): Reading {
  const list = listOf(branches)
  return listed(list, list.map(distinctInList))
}

export function aliasesRead(settings: Settings): Reading {
  const list = listOf(settings.aliases)
  return listed(
    list,
    list.map((alias) => aliasInWords(settings, alias)),
  )
}

/** Order makes no difference, nor does a name given twice. */
function listOf(names: readonly string[]): readonly string[] {
  return [...new Set(names)].sort()
}

function listed(list: readonly string[], names: readonly string[]): Reading {
  return { value: names.join(', ') || 'none', meaning: meaningOf(list), names }
}

function meaningOf(list: readonly string[]): string {
  return JSON.stringify(list)
}

/** True if both sides say where an alias points, and the branches differ. */
export function pointsElsewhere(before: Settings, after: Settings): boolean {
  return repointed(before, after).length > 0
}

export function branchesError({ before, after, facts }: Asked): string | undefined {
  return (
    scopeError(before, after, facts) ??
    unknownNames('branch', facts, before.branches, after.branches) ??
    besideUnknown(before, before.branches.length === 0 && after.branches.length > 0 ? ['branch'] : [])
  )
}

export function aliasesError({ before, after, facts }: Asked): string | undefined {
  return (
    unknownNames('alias', facts, before.aliases, after.aliases) ??
    besideUnknown(before, before.aliases.length === 0 && after.aliases.length > 0 ? ['branch_alias'] : [])
  )
}

/** Unchanged names may stay, and so may an entry that names branches in a way the app does not understand. */
export function scopeError(before: Settings, after: Settings, facts: StackFacts): string | undefined {
  const moved =
    isMoved('branches', before, after) || isMoved('aliases', before, after) || pointsElsewhere(before, after)
  const scoped = after.branches.length > 0 || after.aliases.length > 0 || namesBranchesUnclearly(after)
  return facts.branchesEnabled && moved && !scoped
    ? 'This stack uses branches: a token needs at least one branch or alias.'
    : undefined
}

function isMoved(key: 'branches' | 'aliases', before: Settings, after: Settings): boolean {
  return meaningOf(listOf(before[key])) !== meaningOf(listOf(after[key]))
}

/** A select can send back a name that has gone since it was offered. Names already on the token may stay. */
function unknownNames(
  kind: 'branch' | 'alias',
  { branches, aliases, unlisted = {}, unread = {} }: StackFacts,
  before: readonly string[],
  after: readonly string[],
): string | undefined {
  const existing = kind === 'branch' ? branches : aliases
  const unknown = after.filter((name) => !existing.includes(name) && !before.includes(name))
  if (unknown.length === 0) return undefined
  const why = kind === 'branch' ? unlisted.branches : unlisted.aliases
  if (why !== undefined) return notListed(kind, why)
  const odd = kind === 'branch' ? unread.branches : unread.aliases
  const called = `${kind === 'branch' ? 'branch' : 'branch alias'} called ${unknown.join(', ')}`
  return odd === undefined ? `The stack has no ${called}.` : `Countersign knows of no ${called}. ${notRead(kind, odd)}`
}

/** Says what can't be offered, and what is possible anyway. */
export function notListed(kind: 'branch' | 'alias', why: string): string {
  const names = kind === 'branch' ? 'branches' : 'branch aliases'
  return `Contentstack did not list the ${names} of this stack (${why}), so none can be added here. Those that the token has can stay or be taken away.`
}

/** Says which entries of a list can't be offered, though the stack has them. */
export function notRead(kind: 'branch' | 'alias', { count, why }: Unread): string {
  const [one, several] = kind === 'branch' ? ['branch', 'branches'] : ['branch alias', 'branch aliases']
  return count === 1
    ? `The stack lists a ${one} that can't be read (${why}), so it can't be added here: add it in Contentstack.`
    : `The stack lists ${count} ${several} that can't be read (the first: ${why}), so they can't be added here: add them in Contentstack.`
}

/** Keeps both somebody else's changes to a list and the edit's additions and removals. */
export function mergedNames(
  before: readonly string[],
  after: readonly string[],
  live: readonly string[],
): readonly string[] {
  const removed = before.filter((name) => !after.includes(name))
  const added = after.filter((name) => !before.includes(name) && !live.includes(name))
  return [...live.filter((name) => !removed.includes(name)), ...added]
}

/** True if only some of the additions and removals were made. */
export function isListBetween(from: readonly string[], to: readonly string[], found: readonly string[]): boolean {
  const isOfBoth = (name: string) => from.includes(name) && to.includes(name)
  return (
    found.every((name) => from.includes(name) || to.includes(name)) &&
    from.filter(isOfBoth).every((name) => found.includes(name))
  )
}

export function withName(names: readonly string[], name: string): string[] {
  return [...without(names, name), name]
}

export function without(names: readonly string[], name: string): string[] {
  return names.filter((other) => other !== name)
}
