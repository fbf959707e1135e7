import type { FieldKey } from './diff.ts'
import { instantOf } from './expiry.ts'
import { unlikeIn } from './in-force.ts'
import { mayBeText } from './own-writing.ts'
import { type Access, modules, rank, type Settings } from './token.ts'

type Edit = { readonly before: Settings; readonly after: Settings }

/**
 * Tells of each field whether an update may have left it like this: as it was sent (an update carries the whole token), as some
 * stack might write that, or with only a part of what was asked for.
 */
export function mayBeLeftBy(edit: Edit, live: Settings): (key: FieldKey) => boolean {
  const unlike = unlikeIn(edit.after, live, mayBeText)
  return (key) => !unlike.has(key) || isPart(key, edit, live)
}

function isPart(key: FieldKey, { before, after }: Edit, live: Settings): boolean {
  switch (key) {
    case 'branches':
    case 'aliases':
      return isListBetween(before[key], after[key], live[key])
    case 'expiresOn':
      return isWithinADay(after.expiresOn, live.expiresOn)
    case 'rateLimits':
      return isOneOfTwoLimits({ before, after }, live)
    case 'everything':
      return isAccessBetween(before.permissions.everything, after.permissions.everything, live.permissions.everything)
    default: {
      const module = modules.find((one) => key === `module.${one}`)
      if (module === undefined) return false
      const [from, to, is] = [before, after, live].map(({ permissions }) => permissions.modules[module] ?? 'none')
      return isAccessBetween(from!, to!, is!)
    }
  }
}

function isListBetween(from: readonly string[], to: readonly string[], found: readonly string[]): boolean {
  const isOfBoth = (name: string) => from.includes(name) && to.includes(name)
  return (
    found.every((name) => from.includes(name) || to.includes(name)) &&
    from.filter(isOfBoth).every((name) => found.includes(name))
  )
}

function isAccessBetween(from: Access, to: Access, found: Access): boolean {
  const [low, high] = [Math.min(rank[from], rank[to]), Math.max(rank[from], rank[to])]
  return low <= rank[found] && rank[found] <= high
}

/** Midnight of some other place than UTC. */
function isWithinADay(asked: string | null, found: string | null): boolean {
  const [one, other] = [instantOf(asked), instantOf(found)]
  return one !== null && other !== null && Math.abs(one - other) <= dayMs
}

const dayMs = 24 * 60 * 60 * 1000

function isOneOfTwoLimits({ before, after }: Edit, live: Settings): boolean {
  const [from, to, found] = [before.rateLimits, after.rateLimits, live.rateLimits]
  if (from.kind !== 'custom' || to.kind !== 'custom' || found.kind !== 'custom') return false
  return (['read', 'write'] as const).every((what) => found[what] === from[what] || found[what] === to[what])
}
