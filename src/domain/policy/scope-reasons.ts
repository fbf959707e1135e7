import { distinctInList } from '../look-alikes.ts'
import type { Effect } from '../token/effect.ts'
import { nameInWords } from '../token/targets.ts'

/** Branches and aliases that are added or removed, each the rest of a sentence about the token. */
export function scopeReasons(effects: readonly Effect[]): string[] {
  return scopeGroups(effects).map(({ lead, names }) => {
    return `${lead}${names.map(namedInWords).join(', ')}`
  })
}

function namedInWords(what: Named): string {
  const reached = reachedInWords(what)
  return nameInWords({ target: undefined, ...what }, reached && `${reached.how}${reached.through ?? ''}`)
}

/** A branch or an alias that is added or removed. */
export type Named = Extract<Effect['what'], { name: string }>

/** Names grouped by the words before them, such as "no longer reaches branch ". Added ones come first. */
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
  // The token may reach the same branch by another name.
  const isUntold = kind === 'alias' && !added && what.target === undefined
  if (isUntold || direction === 'unknown') return `${added ? 'names' : 'no longer names'} ${kind} `
  if ((otherwise ?? perhaps) !== undefined) return `${added ? 'also names' : 'no longer names'} ${kind} `
  return `${added ? 'reaches' : 'no longer reaches'} ${kind} `
}

type Reached = { readonly how: string; readonly through: string | null }

/** Says that the token reaches the same branch without this name, or may, and through which alias; null if it does not. */
export function reachedInWords({ kind, added, otherwise, perhaps }: Named): Reached | null {
  if (perhaps !== undefined) return { how: 'may still be reached through alias ', through: distinctInList(perhaps) }
  if (otherwise === undefined) return null
  const how = `${added ? 'already' : 'still'} reached`
  return kind === 'alias'
    ? { how, through: null }
    : { how: `${how} through alias `, through: distinctInList(otherwise) }
}
