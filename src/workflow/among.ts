import type { Among } from '../domain/looks/drift.ts'
import type { Decision } from '../ports/changes.ts'

type Others = Parameters<Decision> extends [unknown, ...infer Others] ? Others : never

/** The other changes of a token, for a decision that has to say who moved it. */
export function among(...[beside, recent, isToldSince]: Others): Among {
  return { recent: [...beside(), ...recent()], isToldSince }
}
