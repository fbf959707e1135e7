import { drizzle } from 'drizzle-orm/better-sqlite3'
import { type Breathe, breathe } from '../../breathe.ts'
import type { AuditKey } from '../../domain/audit/chain.ts'
import type { Keys } from '../../domain/audit/chain-check.ts'
import type { PresenceStore } from '../../ports/presence.ts'
import type { Store } from '../../ports/store.ts'
import { createSteadyClock } from '../../steady-clock.ts'
import { readsChanges } from '../stored-changes.ts'
import { readsTokens } from '../token-rows.ts'
import { type OnUnreadable, readsRows } from '../unreadable-rows.ts'
import { rememberedAnchors } from './anchors.ts'
import { prepareAudit } from './audit.ts'
import { rememberedCards } from './cards.ts'
import { storedChanges } from './change-lists.ts'
import { prepareChangeRows } from './change-rows.ts'
import { recordedChanges } from './changes.ts'
import { type Database, lockWaits, openDatabase } from './database.ts'
import { rememberedForms } from './drafts.ts'
import { grantsGiven } from './grants.ts'
import { rememberedHomes } from './homes.ts'
import { notedFacts, readLog } from './log.ts'
import { requireKnownKey } from './log-key.ts'
import { rememberedLooks } from './looks.ts'
import { prepareMark } from './mark.ts'
import { overviews } from './overview.ts'
import { tokenPast } from './past.ts'
import { putSchemaBack } from './put-schema-back.ts'
import { createSchemaGuard } from './schema-guard.ts'
import { stillThere } from './still-there.ts'
import { rememberedTelling } from './telling.ts'
import { prepareTransactions } from './transactions.ts'
import { keptWell } from './upkeep.ts'
import { prepareWaiting } from './waiting.ts'
import { preparedOnce } from './when-used.ts'

/**
 * The Store on one SQLite file. Every write is on disk before its promise resolves, apart from a form that is just
 * being opened and the time a token was last seen unchanged: a power failure may lose these. Every event is written
 * together with the state it leads to, or not at all. `now` dates the events, and `key` chains them; those in `earlier`
 * chained what was written before. Each statement waits for the lock of another program for `lockWait` milliseconds;
 * work on many rows lets others have their turn by `pause`. `monotonic` gives time that passes, whatever is done to the
 * clock. `onUnreadable` is called once for each row that can't be read; reads leave such rows out. Throws a Refusal if
 * the log may not be continued with these keys.
 */
export function openStore(
  path: string,
  now: () => Date = () => new Date(),
  key: AuditKey = null,
  earlier: Keys['earlier'] = [],
  lockWait = lockWaits.patient,
  pause?: Breathe,
  monotonic = () => now().getTime(),
  onUnreadable: OnUnreadable = () => {},
): Store {
  const db = openDatabase(path, lockWait)
  try {
    const keys = { current: key, earlier }
    requireKnownKey(path, db.$client, keys)
    putSchemaBack(db, now(), keys, 'app')
    return storeIn(db, now, key, earlier, pause, monotonic, onUnreadable)
  } catch (error) {
    db.$client.close()
    throw error
  }
}

/** The same in a database that is already open. */
export function storeIn(
  opened: Database,
  wall: () => Date,
  key: AuditKey,
  earlier: Keys['earlier'] = [],
  pause?: Breathe,
  monotonic = () => wall().getTime(),
  onUnreadable: OnUnreadable = () => {},
): Store {
  const turn = pause ?? breathe
  const clock = createSteadyClock(wall, monotonic)
  const { now } = clock
  const at = () => now().toISOString()
  const keys = { current: key, earlier }
  const schema = createSchemaGuard(opened.$client, stillThere(opened.$client))
  const db = checkedFirst(opened, schema.check)
  const audit = prepareAudit(db, keys)
  const rows = prepareChangeRows(db)
  const mark = prepareMark(db.$client)
  const { atomically, lightly } = prepareTransactions({ db, schema, audit, mark, at })
  const waitingOf = prepareWaiting(db, rows, now)
  const readRow = readsRows(onUnreadable)
  const read = readsChanges(readRow)
  const asToken = readsTokens(readRow)
  const { append } = audit
  return {
    ...recordedChanges({ db, rows, audit, atomically, read, waitingOf, at }),
    ...storedChanges({ db, rows, read, waitingOf, breathe: turn }),
    ...rememberedCards({ db, atomically, clock }),
    ...rememberedTelling(db, clock),
    ...rememberedAnchors({ db, rows, atomically }),
    ...tokenPast(db, read.listed, readRow),
    ...overviews(db, { listed: read.listed, asToken, readRow }),
    ...rememberedLooks({
      db,
      changes: rows,
      read,
      atomically,
      lightly,
      append,
      clock,
      readRow,
      asToken,
      breathe: turn,
      pause,
    }),
    ...rememberedForms(db),
    ...rememberedHomes(db, readRow),
    ...grantsGiven({ db, audit, atomically, at }),
    ...readLog({ db, rows, audit, keys, read, breathe: turn }),
    ...notedFacts({ db, audit, atomically, now }),
    ...alone,
    ...keptWell({ db, audit, atomically, mark }),
  }
}

/** Whoever shares a file is on this machine, and does not share its allowances either. */
const alone: PresenceStore = {
  isPresent: async (instance) => [instance],
  hasLeft: async () => {},
  tellOthers: async () => {},
  hearOthers: async () => ({ stop: async () => {} }),
}

/** The same database, with `check` before each statement that writes: drizzle logs a statement before running it. */
function checkedFirst({ $client }: Database, check: () => void): Database {
  const logger = { logQuery: (query: string) => (/^select\b/i.test(query) ? undefined : check()) }
  return Object.assign(drizzle(preparedOnce($client), { logger }), { $client })
}
