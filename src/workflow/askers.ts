import { askersOf, type Change } from '../domain/change.ts'
import { barAskers } from '../domain/decide.ts'
import type { Electorate } from '../domain/electorate.ts'
import type { Store } from '../ports.ts'
import type { Electorates } from './electorates.ts'

type Deps = {
  store: Pick<Store, 'openChanges' | 'record'>
  electorates: Pick<Electorates, 'forChange'>
  now: () => Date
}

export type Askers = ReturnType<typeof createAskers>

/** Holds changes against who may still ask for them, so that their cards say what they wait for. */
export function createAskers({ store, electorates, now }: Deps) {
  return { hold, holdAllOf }

  /** Resolves to the change as it then is. `electorate` was just looked up for it. */
  async function hold(change: Change, electorate: Electorate): Promise<Change> {
    const at = now().toISOString()
    return barAskers(change, electorate, at) === null
      ? change
      : store.record(change.id, 'app', (stored) => barAskers(stored, electorate, at))
  }

  /** The open changes that this person asks for. Resolves to those that had to be stopped, or may go on. */
  async function holdAllOf(person: string): Promise<number[]> {
    const open = (await store.openChanges()).map(({ change }) => change)
    const theirs = open.filter((change) => askersOf(change).includes(person))
    const held = await Promise.all(theirs.map(async (change) => hold(change, await electorates.forChange(change))))
    return held.flatMap((change, i) => (change === theirs[i] ? [] : [change.id]))
  }
}
