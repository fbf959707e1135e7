import { barAskers } from '../domain/change/askers.ts'
import type { Change } from '../domain/change/change.ts'
import type { Electorate } from '../domain/change/electorate.ts'
import type { ChangeReads, ChangeWrites } from '../ports/changes.ts'
import type { Electorates } from './electorates.ts'
import { openInRuns } from './open-in-runs.ts'

type Deps = {
  store: ChangeReads & ChangeWrites
  electorates: Pick<Electorates, 'forChange'>
  now: () => Date
}

/** Holds changes against who may still ask for them, so that their cards say what they wait for. */
export function createAskers({ store, electorates, now }: Deps) {
  return { hold, holdAll }

  /** Resolves to the change as it then is. `electorate` was just looked up for it. */
  async function hold(change: Change, electorate: Electorate): Promise<Change> {
    const at = now().toISOString()
    if (barAskers(change, electorate, at) === null) return change
    return (await store.record(change.id, 'app', (stored) => barAskers(stored, electorate, at))).change
  }

  /** Every open change that it `concerns`; `soon` is called for those that had to be stopped, or may go on. */
  async function holdAll(concerns: (change: Change) => boolean, soon: (id: number) => void): Promise<void> {
    for await (const run of openInRuns(store))
      for (const change of run.map(({ change }) => change).filter(concerns)) {
        const held = await hold(change, await electorates.forChange(change))
        if (held !== change) soon(change.id)
      }
  }
}
