import { barAskers } from '../../domain/change/askers.ts'
import type { Change } from '../../domain/change/change.ts'
import type { Electorate } from '../../domain/change/electorate.ts'
import type { ChangeReads, ChangeWrites } from '../../ports/changes.ts'
import { openInRuns } from '../open-in-runs.ts'
import type { Electorates } from './electorates.ts'

type Deps = {
  store: ChangeReads & ChangeWrites
  electorates: Pick<Electorates, 'forChange'>
  now: () => Date
}

/** Checks who may still ask for a change, so that its card says what it waits for. */
export function createAskers({ store, electorates, now }: Deps) {
  return { hold, holdAll }

  /** Resolves to the change after that. `electorate` was just looked up for it. */
  async function hold(change: Change, electorate: Electorate): Promise<Change> {
    const at = now().toISOString()
    if (barAskers(change, electorate, at) === null) return change
    return (await store.record(change.id, 'app', (stored) => barAskers(stored, electorate, at))).change
  }

  /** Checks every open change that it `concerns`; calls `soon` for those that had to be stopped, or may go on. */
  async function holdAll(concerns: (change: Change) => boolean, soon: (id: number) => void): Promise<void> {
    for await (const run of openInRuns(store))
      for (const change of run.map(({ change }) => change).filter(concerns)) {
        const held = await hold(change, await electorates.forChange(change))
        if (held !== change) soon(change.id)
      }
  }
}
