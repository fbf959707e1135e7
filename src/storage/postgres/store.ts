import type pg from 'pg'
import { type Breathe, breathe } from '../../breathe.ts'
import type { AuditKey } from '../../domain/audit/chain.ts'
import type { Keys } from '../../domain/audit/chain-check.ts'
import type { Store } from '../../ports/store.ts'
import { createSteadyClock } from '../../steady-clock.ts'
import { readsChanges } from '../stored-changes.ts'
import { readsTokens } from '../token-rows.ts'
import { type OnUnreadable, readsRows } from '../unreadable-rows.ts'
import { rememberedAnchors } from './anchors.ts'
import { prepareAudit } from './audit.ts'
import { rememberedCards } from './cards.ts'
import { storedChanges } from './change-lists.ts'
import { recordedChanges } from './changes.ts'
import { connectTo } from './connection.ts'
import { rememberedForms } from './drafts.ts'
import { grantsGiven } from './grants.ts'
import { prepareHolds } from './held.ts'
import { rememberedHomes } from './homes.ts'
import { requireKnownKey } from './known-key.ts'
import { notedFacts, readLog } from './log.ts'
import { rememberedLooks } from './looks.ts'
import { bringUpToDate } from './migrating.ts'
import { noticesBetween } from './notices.ts'
import { overviews } from './overview.ts'
import { tokenPast } from './past.ts'
import { presentInstances } from './presence.ts'
import { requireRights } from './rights.ts'
import { createSchemaGuard, requireSchema } from './schema-guard.ts'
import { rememberedTelling } from './telling.ts'
import { prepareTransactions } from './transaction.ts'
import { isNotAllowed } from './trouble.ts'
import { keptWell } from './upkeep.ts'
import { prepareWaiting } from './waiting.ts'
import { sayingWhyNotAllowed } from './why-not-allowed.ts'

export type OpenPostgres = {
  readonly url: string
  readonly now?: () => Date
  readonly key?: AuditKey
  readonly earlier?: Keys['earlier']
  readonly pause?: Breathe
  readonly monotonic?: () => number
  readonly onUnreadable?: OnUnreadable
  /** Stands in for the database's own clock, which says how long something is held. */
  readonly holdClock?: (() => Date) | undefined
}

/**
 * The Store in the PostgreSQL database at `url`, which several processes may have open at once; its tables are made, or
 * brought up to date. Every write is on disk before its promise resolves, apart from a form that is just being opened and
 * the time a token was last seen unchanged. For the other options, see `openStore` in storage/sqlite. Throws a Refusal if
 * the role lacks rights, or the log may not be continued with these keys.
 */
export async function openPostgresStore({ url, key = null, earlier = [], ...options }: OpenPostgres): Promise<Store> {
  const pool = connectTo(url)
  try {
    await requireUsableTables(pool, url)
    await requireKnownKey(pool, { current: key, earlier })
    return storeIn(pool, { current: key, earlier }, options)
  } catch (error) {
    await pool.end()
    throw error
  }
}

/** Makes them or brings them up to date, if the role may. Throws a Refusal unless they can be used. */
async function requireUsableTables(pool: pg.Pool, url: string): Promise<void> {
  try {
    await bringUpToDate(pool)
    await requireSchema(pool)
  } catch (error) {
    // Not even the list of migrations may be read: everything else that is lacking is to be named with that.
    if (isNotAllowed(error)) await requireRights(pool, url)
    throw error
  }
  await requireRights(pool, url)
}

/** The same with connections that are there. */
export function storeIn(
  pool: pg.Pool,
  keys: Keys,
  {
    now: wall = () => new Date(),
    monotonic,
    pause,
    onUnreadable = () => {},
    holdClock,
  }: Omit<OpenPostgres, 'url' | 'key' | 'earlier'>,
): Store {
  const turn = pause ?? breathe
  const clock = createSteadyClock(wall, monotonic ?? (() => wall().getTime()))
  const { now } = clock
  const at = () => now().toISOString()
  const audit = prepareAudit(keys)
  const schema = createSchemaGuard()
  const { atomically, lightly } = prepareTransactions({ pool, audit, schema, at })
  const waitingOf = prepareWaiting(now)
  const readRow = readsRows(onUnreadable)
  const read = readsChanges(readRow)
  const asToken = readsTokens(readRow)
  const holdValues = prepareHolds(clock, holdClock)
  const store = {
    ...recordedChanges({ atomically, read, waitingOf, at }),
    ...storedChanges({ pool, read, waitingOf }),
    ...rememberedCards({ pool, atomically, holdValues }),
    ...rememberedTelling(pool, holdValues),
    ...rememberedAnchors(pool),
    ...tokenPast(pool, read.listed, readRow),
    ...overviews(pool, { listed: read.listed, asToken, readRow }),
    ...rememberedLooks({ pool, atomically, lightly, read, clock, readRow, asToken, breathe: turn, pause }),
    ...rememberedForms({ pool, lightly }),
    ...rememberedHomes(pool, readRow),
    ...grantsGiven({ atomically, at }),
    ...readLog({ pool, keys, read, breathe: turn }),
    ...notedFacts({ pool, atomically, now }),
    ...presentInstances({ on: pool, seen: audit.seen, ...(holdClock && { holdClock }) }),
    ...noticesBetween(pool),
    ...keptWell({ pool, atomically, schema }),
  }
  return sayingWhyNotAllowed(store, () => schema.explain(pool))
}
