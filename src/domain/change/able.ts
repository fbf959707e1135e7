import { isGroup } from '../policy/policy.ts'
import type { Naming } from '../refusal.ts'

/** More names than this are counted. */
const mostNamed = 10

/** `@a, @b`, and how many more there are. */
export function mentions(ids: readonly string[]): Naming {
  const named = ids
    .slice(0, mostNamed)
    .flatMap((id, i) => [...(i === 0 ? [] : [', ']), isGroup(id) ? { group: id } : { person: id }])
  return ids.length > mostNamed ? [...named, ` and ${ids.length - mostNamed} more`] : named
}
