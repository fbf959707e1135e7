import type { Among } from '../domain/looks/drift.ts'
import type { Decision } from '../ports/changes.ts'

type Others = Parameters<Decision> extends [unknown, ...infer Others] ? Others : never

/** What of its token a decision about a change needs to say who moved it. */
export function among(...[beside, recent, isToldSince]: Others): Among {
  return { recent: [...beside(), ...recent()], isToldSince }
}
