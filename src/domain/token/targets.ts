import { distinctInList } from '../look-alikes.ts'
import type { Settings, StackFacts } from './token.ts'

/** The known targets of aliases. */
export type Pointing = Pick<Settings, 'aliasTargets'>

/** The branch that an alias points to; undefined if not known. */
export function targetOf({ aliasTargets = {} }: Pointing, alias: string): string | undefined {
  return Object.hasOwn(aliasTargets, alias) ? aliasTargets[alias] : undefined
}

/** `live (→ main)`; only the name if its target is not known. */
export function aliasInWords(of: Pointing, alias: string): string {
  return nameInWords({ name: alias, target: targetOf(of, alias) })
}

/** `remark` also goes after the name, if there is one. */
export function nameInWords(
  { name, target }: { name: string; target?: string | undefined },
  remark: string | null = null,
): string {
  const behind = [
    ...(target === undefined ? [] : [`→ ${distinctInList(target)}`]),
    ...(remark === null ? [] : [remark]),
  ]
  return behind.length === 0 ? distinctInList(name) : `${distinctInList(name)} (${behind.join(', ')})`
}

/** The settings with the targets of these aliases, each from the first of `known` that has it; and no other targets. */
export function withTargets(settings: Settings, aliases: readonly string[], known: readonly Pointing[]): Settings {
  const targets = [...new Set(aliases)].flatMap((alias) => {
    const target = known.map((one) => targetOf(one, alias)).find((found) => found !== undefined)
    // A record read from JSON could never keep this name.
    return target === undefined || alias === '__proto__' ? [] : [[alias, target] as const]
  })
  const plain = withoutTargets(settings)
  return targets.length === 0 ? plain : { ...plain, aliasTargets: Object.fromEntries(targets) }
}

/** As a stack keeps them: only names. */
export function withoutTargets(settings: Settings): Settings {
  if (settings.aliasTargets === undefined) return settings
  const { aliasTargets: _, ...plain } = settings
  return plain
}

/** With only the targets of aliases that the token itself names. */
export function withOwnTargets(settings: Settings): Settings {
  return withTargets(settings, settings.aliases, [settings])
}

type Edit = { readonly before: Settings; readonly after: Settings }

/** The aliases that decide what an edit means: those the token names before or after it. */
export function aliasesOf({ before, after }: Edit): readonly string[] {
  return [...before.aliases, ...after.aliases]
}

/**
 * An edit with the targets of its aliases on both sides, so that one that points elsewhere later is noticed, even if
 * the edit only adds it. Targets already in the edit stay; `facts` give the others.
 */
export function pointing<E extends Edit>(edit: E, facts: Pointing | null): E {
  const { before, after } = edit
  const filled = (settings: Settings) => withTargets(settings, aliasesOf(edit), [before, after, facts ?? {}])
  return { ...edit, before: filled(before), after: filled(after) }
}

export type Repointed = { readonly alias: string; readonly was: string; readonly is: string }

/** Aliases known to point to another branch now than then. */
export function repointed(then: Pointing, now: Pointing): Repointed[] {
  return Object.entries(then.aliasTargets ?? {}).flatMap(([alias, was]) => {
    const is = targetOf(now, alias)
    return is === undefined || is === was ? [] : [{ alias, was, is }]
  })
}

/** A list says nothing about aliases that are not in it: earlier knowledge of their targets stands. */
export function keepingTargets(facts: StackFacts, { aliasTargets: known }: Pointing): StackFacts {
  if (known === undefined || (facts.unlisted?.aliases ?? facts.unread?.aliases) === undefined) return facts
  const untold = Object.entries(known).filter(([alias]) => !facts.aliases.includes(alias))
  return { ...facts, aliasTargets: { ...Object.fromEntries(untold), ...facts.aliasTargets } }
}

type Listing = Pick<StackFacts, 'aliases' | 'unlisted' | 'unread'>

/**
 * The reason a list does not tell where an edit's aliases point now, though that was known when it was asked for; null
 * if it tells, or has no such alias.
 */
export function whyUntold(edit: Edit, { aliases, unlisted, unread }: Listing): string | null {
  if (edit.before.aliasTargets === undefined) return null
  if (unlisted?.aliases !== undefined) return `Contentstack did not list the aliases (${unlisted.aliases})`
  const isKnown = (alias: string) => [edit.before, edit.after].some((side) => targetOf(side, alias) !== undefined)
  const missing = aliasesOf(edit).find((alias) => isKnown(alias) && !aliases.includes(alias))
  if (unread?.aliases === undefined || missing === undefined) return null
  return `Contentstack lists an alias that can't be read (${unread.aliases.why}), and ${aliasInWords({}, missing)} may be that one`
}

/** The same without aliases that the token names both then and now: their targets are shown with the names. */
export function repointedUnnamed(then: Settings, now: Settings): Repointed[] {
  return repointed(then, now).filter(({ alias }) => ![then, now].every(({ aliases }) => aliases.includes(alias)))
}

/** The aliases that an edit adds or removes without saying where they point, since nobody knew. */
export function aliasesUnknown({ before, after }: Edit): string[] {
  const lists = [before.aliases, after.aliases]
  const moved = [...new Set(lists.flat())].filter((alias) => !lists.every((names) => names.includes(alias)))
  return moved.filter((alias) => targetOf(before, alias) === undefined && targetOf(after, alias) === undefined)
}

/**
 * The aliases that a token would have after an edit and that are no longer known to point anywhere, though they were
 * when it was asked for. `isAdded`: by the edit.
 */
export function lostAliases({ before, after }: Edit, now: Pointing): { alias: string; isAdded: boolean }[] {
  const wasKnown = (alias: string) => targetOf(before, alias) !== undefined || targetOf(after, alias) !== undefined
  const lost = after.aliases.filter((alias) => wasKnown(alias) && targetOf(now, alias) === undefined)
  return lost.map((alias) => ({ alias, isAdded: !before.aliases.includes(alias) }))
}
