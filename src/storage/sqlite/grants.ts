import { existsSync } from 'node:fs'
import Sqlite from 'better-sqlite3'
import { and, eq, isNull, sql } from 'drizzle-orm'
import { drizzle } from 'drizzle-orm/better-sqlite3'
import type { GrantStore, Grants, KeptGrant } from '../../ports/grants.ts'
import type { SteadyClock } from '../../steady-clock.ts'
import { asWritten, oneRow } from '../kept.ts'
import { keptGrant } from '../kept-grant.ts'
import type { Audit } from './audit.ts'
import { type Database, lockWaits } from './database.ts'
import { isFree } from './held.ts'
import { prepareMark } from './mark.ts'
import { hasTable } from './migrations.ts'
import { requireOwnWal } from './own-wal.ts'
import { oauthGrants } from './schema.ts'
import { fileAt } from './still-there.ts'
import type { Transactions } from './transactions.ts'

const { stack: ofStack, number: ofNumber, renewing, renewalBegan } = oauthGrants

/**
 * The grants in the file at `path`. Each call opens the file and closes it again: calls are few, and whoever makes them
 * need not have the app's database open. Neither creates nor migrates it: there is no grant in an older one.
 */
export function grantsIn(path: string, clock: SteadyClock): Grants {
  let checked: string | null = null
  return {
    grant: async (stack) => {
      if (!existsSync(path)) return null
      return opened((db) => (hasTable(db.$client, 'oauth_grants') ? read(db, stack) : null))
    },

    renewalBegins: async (stack, number, until) =>
      atOnce((db) => {
        const began = sql`coalesce(${renewalBegan}, ${at()})`
        const held = { renewing: Date.parse(until), renewalBegan: began }
        const free = and(thatOne(stack, number), isNull(oauthGrants.ended), isFree(renewing, clock))
        return db.update(oauthGrants).set(held).where(free).run().changes === 1
      }),

    grantIsRenewed: async (stack, number, { clientId, sealed }) =>
      atOnce((db) => {
        const given = { clientId, sealed, storedAt: at(), renewalBegan: null, renewing: 0, ended: null }
        const { changes } = db
          .update(oauthGrants)
          .set({ ...given, number: number + 1 })
          .where(thatOne(stack, number))
          .run()
        if (changes === 0) return false
        isKept(db, stack, sealed)
        return true
      }),

    renewalFailed: async (stack, number, { isUnknown }) =>
      atOnce((db) => {
        const free = isUnknown ? { renewing: 0 } : { renewing: 0, renewalBegan: null }
        db.update(oauthGrants).set(free).where(thatOne(stack, number)).run()
      }),

    grantEnded: async (stack, number, ended) =>
      atOnce((db) => {
        db.update(oauthGrants).set({ renewing: 0, ended }).where(thatOne(stack, number)).run()
      }),
  }

  function at(): string {
    return clock.now().toISOString()
  }

  /** All of `work`, or none of it. It may be the first that is committed to a -wal: see `prepareMark`. */
  function atOnce<T>(work: (db: Database) => T): T {
    const marked = (db: Database) => {
      prepareMark(db.$client).make()
      return work(db)
    }
    return opened((db) => db.$client.transaction(() => marked(db)).immediate())
  }

  function opened<T>(work: (db: Database) => T): T {
    const file = fileAt(path)
    // SQLite would take a file that was put there meanwhile for its own, and mix the -wal of the one before into it.
    if (file === null || file !== checked) requireOwnWal(path)
    checked = file
    const sqlite = new Sqlite(path, { fileMustExist: true, timeout: lockWaits.brief })
    try {
      sqlite.pragma('synchronous = FULL')
      return work(drizzle(sqlite))
    } finally {
      sqlite.close()
    }
  }
}

type Writing = Pick<Transactions, 'atomically'> & {
  readonly db: Database
  readonly audit: Audit
  readonly at: () => string
}

/** Lets the app in, and says so in the log. */
export function grantsGiven({ db, audit, atomically, at }: Writing): GrantStore {
  return {
    keepGrant: async (stack, { clientId, sealed }, actor) =>
      atomically(() => {
        const given = { clientId, sealed, storedAt: at(), renewalBegan: null, renewing: 0, ended: null }
        const next = { ...given, number: sql`${ofNumber} + 1` }
        const put = db.insert(oauthGrants).values({ stack, ...given, number: 1 })
        oneRow(put.onConflictDoUpdate({ target: ofStack, set: next }).run())
        isKept(db, stack, sealed)
        audit.append({ event: { type: 'stack_connected', stack, clientId }, actor, changeId: null, at: at() })
      }),
  }
}

function thatOne(stack: string, number: number) {
  return and(eq(ofStack, stack), eq(ofNumber, number))
}

function read(db: Database, stack: string): KeptGrant | null {
  const row = db.select().from(oauthGrants).where(eq(ofStack, stack)).get()
  return row ? keptGrant(row) : null
}

/** A trigger of somebody else's may have undone it. */
function isKept(db: Database, stack: string, sealed: string): void {
  asWritten([read(db, stack)?.sealed], [sealed])
}
