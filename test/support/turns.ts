import { onTestFinished } from 'vitest'
import { lockWaits, openDatabase } from '../../src/storage/sqlite/database.ts'
import { storeIn } from '../../src/storage/sqlite/store.ts'
import type { Clock } from './clock.ts'
import { emptyDatabase } from './file.ts'

/**
 * A store that counts how often it lets others have a turn, and does `meanwhile` then. `sqlite` is its own connection.
 */
export function storeWithTurns(clock: Clock, path = emptyDatabase()) {
  const turns = { count: 0, meanwhile: async () => {} }
  const db = openDatabase(path, lockWaits.patient)
  const store = storeIn(db, clock.now, null, [], async () => {
    turns.count++
    await turns.meanwhile()
  })
  onTestFinished(store.close)
  return { store, turns, sqlite: db.$client }
}

/** Counts how often other waiting work gets a turn while this is done. */
export async function turnsDuring(work: () => Promise<unknown>): Promise<number> {
  let turns = 0
  const count = () => {
    turns += 1
    next = setImmediate(count)
  }
  let next = setImmediate(count)
  await work()
  clearImmediate(next)
  return turns
}
