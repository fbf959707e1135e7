import { asideBecause, hasEnded } from '../../domain/change/change.ts'
import { ruleAnew } from '../../domain/change/rule-anew.ts'
import { Refusal } from '../../domain/refusal.ts'
import type { ChangeReads, ChangeWrites } from '../../ports/changes.ts'
import { createAskers } from '../changes/askers.ts'
import type { Electorates } from '../changes/electorates.ts'

type Deps = {
  store: ChangeReads & ChangeWrites
  electorates: Pick<Electorates, 'rulingOfNow' | 'forChange'>
  now: () => Date
  /** Called once for a change if the policy's demand could not be looked up: its card stays as it was. */
  onFailure: (id: number, error: unknown) => void
}

/**
 * Checks every open change against the current policy, and against who may ask now: a policy is loaded at start, while
 * changes wait for longer. A change whose stack is not configured has no policy.
 */
export function createRulingAnew({ store, electorates, now, onFailure }: Deps) {
  const { hold } = createAskers({ store, electorates, now })
  const told = new Set<number>()
  let left: Set<number> | null = null
  return { turn, again }

  /** Checks all of them once more. */
  function again(): Promise<void> {
    left = null
    return turn()
  }

  /**
   * Called at start, and now and then. Changes that could not be looked up are left for the next turn, and an outage
   * ends this one: each change that waits for it would wait as long.
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
