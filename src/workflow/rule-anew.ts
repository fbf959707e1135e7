import { asideBecause, hasEnded } from '../domain/change/change.ts'
import { ruleAnew } from '../domain/change/rule-anew.ts'
import { Refusal } from '../domain/refusal.ts'
import type { ChangeReads, ChangeWrites } from '../ports/changes.ts'
import { createAskers } from './askers.ts'
import type { Electorates } from './electorates.ts'

type Deps = {
  store: ChangeReads & ChangeWrites
  electorates: Pick<Electorates, 'rulingOfNow' | 'forChange'>
  now: () => Date
  /** Told once of a change for which it could not be looked up what the policy asks: its card says what it said before. */
  onFailure: (id: number, error: unknown) => void
}

/**
 * Holds every open change against the current policy, and against who may ask by now: a policy is loaded at start, while changes
 * wait for longer. One whose stack is not configured has none.
 */
export function createRulingAnew({ store, electorates, now, onFailure }: Deps) {
  const { hold } = createAskers({ store, electorates, now })
  const told = new Set<number>()
  let left: Set<number> | null = null
  return { turn }

  /**
   * To be called at start, and now and then. Those of which nothing could be looked up are left for the next turn, and an
   * outage ends this one: each that waits for it would wait as long.
   */
  async function turn(): Promise<void> {
    left ??= new Set((await store.openChanges()).map(({ change }) => change.id))
    for (const id of [...left]) {
      left.delete(id)
      try {
        await rule(id)
      } catch (error) {
        if (!told.has(id)) onFailure(id, error)
        told.add(id)
        if (!isOutage(error)) continue
        left.add(id)
        return
      }
    }
  }

  async function rule(id: number): Promise<void> {
    const { change } = await store.get(id)
    if (hasEnded(change) || asideBecause(change) !== null) return
    const ruling = await electorates.rulingOfNow(change)
    const { change: ruled } = await store.record(id, 'app', (stored) => ruleAnew(stored, ruling, now().toISOString()))
    await hold(ruled, await electorates.forChange(ruled))
  }
}

function isOutage(error: unknown): boolean {
  return error instanceof Refusal && error.code === 'unavailable'
}
