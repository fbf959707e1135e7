import type Sqlite from 'better-sqlite3'
import { onTestFinished } from 'vitest'
import { createSteadyClock } from '../../../src/steady-clock.ts'
import { openDatabase } from '../../../src/storage/sqlite/database.ts'
import { openEvidence } from '../../../src/storage/sqlite/evidence.ts'
import { grantsIn } from '../../../src/storage/sqlite/grants.ts'
import { openStore, storeIn } from '../../../src/storage/sqlite/store.ts'
import { isLocked, troubleOf } from '../../../src/storage/sqlite/trouble.ts'
import { emptyDatabase, rawConnection } from '../../support/file.ts'
import { createMemory } from '../../support/model/database.ts'
import { addRows } from '../../support/rows.ts'
import { failWrites, pastTheTriggers } from '../../support/tamper.ts'
import type { Engine, Opening, Place, Sql } from './engines.ts'

export const sqlite: Engine = {
  name: 'SQLite',
  empty: async () => placeAt(emptyDatabase()),
  troubleOf,
  isLocked,
  failWrites: (words, message) => failWrites(words, { message }),
  brief: async ({ now, monotonic }) => {
    const memory = createMemory()
    return { store: memory.opened(now, monotonic), end: async () => memory.close() }
  },
  share: 1,
}

export function placeAt(path: string): Place {
  let connection: Sqlite.Database | undefined
  const raw = () => {
    connection ??= rawConnection(path)
    return connection
  }
  return {
    open: async (opening = {}) => {
      const { now, key, earlier, pause, onUnreadable } = opening
      const store = openStore(path, now, key, earlier, undefined, pause, undefined, onUnreadable)
      onTestFinished(store.close)
      return store
    },
    openWithin: async (opening) => openWithin(path, opening),
    evidence: async () => {
      const evidence = openEvidence(path)
      onTestFinished(evidence.close)
      return evidence
    },
    grants: (clock) => grantsIn(path, createSteadyClock(clock.now, clock.monotonic)),
    sql: async (...asked) => run(raw(), ...asked),
    tamper: async (...asked) => pastTheTriggers(raw(), () => run(raw(), ...asked)),
    add: async (table, rows) => addRows(raw(), table, rows),
    state: async () => raw().pragma('data_version', { simple: true }),
  }
}

/** With SQLite, by its own connection. */
function openWithin(path: string, opening: Opening = {}) {
  const { now = () => new Date(), key = null, earlier, pause, onUnreadable } = opening
  const db = openDatabase(path)
  const store = storeIn(db, now, key, earlier, pause, undefined, onUnreadable)
  onTestFinished(store.close)
  const within: Sql = async (...asked) => pastTheTriggers(db.$client, () => run(db.$client, ...asked))
  return { store, within }
}

function run<Row>(db: Sqlite.Database, statement: string, ...values: readonly unknown[]): Row[] {
  const prepared = db.prepare<unknown[], Row>(statement)
  if (prepared.reader) return prepared.all(...values)
  prepared.run(...values)
  return []
}
