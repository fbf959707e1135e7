import { asideBecause } from '../domain/change.ts'
import { ruleAnew } from '../domain/rule-anew.ts'
import type { Store } from '../ports.ts'
import { createAskers } from './askers.ts'
import type { Electorates } from './electorates.ts'

type Deps = {
  store: Pick<Store, 'openChanges' | 'record'>
  electorates: Pick<Electorates, 'rulingOfNow' | 'forChange'>
  now: () => Date
  /** Told of a change for which it could not be looked up what the policy asks: its card says what it said before. */
  onFailure: (id: number, error: unknown) => void
}

/**
 * Holds every open change against the current policy, and against who may ask by now: a policy is loaded at start, while changes
 * wait for longer. One whose stack is not configured has none.
 */
export async function ruleOpenChangesAnew({ store, electorates, now, onFailure }: Deps): Promise<void> {
  const { hold } = createAskers({ store, electorates, now })
  for (const { change } of await store.openChanges()) {
    if (asideBecause(change) !== null) continue
    try {
      const ruling = await electorates.rulingOfNow(change)
      const ruled = await store.record(change.id, 'app', (stored) => ruleAnew(stored, ruling, now().toISOString()))
      await hold(ruled, await electorates.forChange(ruled))
    } catch (error) {
      onFailure(change.id, error)
    }
  }
}
