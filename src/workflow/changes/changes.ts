import { byTheClock } from '../../domain/change/term.ts'
import { createActing, type Deps } from './acting.ts'
import { createAsking } from './asking.ts'
import { createCancelling } from './cancelling.ts'
import { createDeciding } from './deciding.ts'
import { createRevising } from './revising.ts'

/** `msLeft` is left out if no process has run that could know better than the clock. */
type Given = Omit<Deps, 'msLeft'> & Partial<Pick<Deps, 'msLeft'>>

export type Changes = ReturnType<typeof createChanges>

/**
 * People's acts on changes. Each verb looks up who may, records one decision, and resolves once it is on disk; the
 * caller answers the person next, and then lets catch-up do what the new state calls for. A refusal is recorded too,
 * then thrown.
 */
export function createChanges({ msLeft, ...given }: Given) {
  const deps: Deps = { ...given, msLeft: msLeft ?? ((term) => byTheClock(given.now().toISOString())(term)) }
  const acting = createActing(deps)
  return {
    ...createAsking(deps, acting),
    ...createDeciding(deps, acting),
    ...createRevising(deps, acting),
    ...createCancelling(deps, acting),
  }
}
