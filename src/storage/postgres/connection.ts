import pg from 'pg'
import { Client } from './client.ts'
import { requireOwnSession } from './pooler.ts'

/** Milliseconds. */
const patience = {
  /** For a connection: the server may be restarting. */
  connecting: 5000,
  /** For an answer. A connection that was cut without a word never gives one. */
  answer: 15_000,
  /** For the lock of another transaction. */
  lock: 2000,
  /**
   * After which the server ends a transaction whose program says nothing more, and frees its lock. Nothing of ours
   * leaves one open for as long.
   */
  silence: 5000,
}

/** Enough for decisions, which queue for one lock, and for the lists that people read meanwhile. */
export const mostConnections = 10

type Options = {
  readonly waits?: Partial<typeof patience>
  /** True for whoever must not be able to write anything. */
  readonly isReader?: boolean
  /** Called when a connection that nobody used was cut: it is left out already. */
  readonly onLost?: (error: Error) => void
}

/** Commands look by it for the app. */
const ourName = 'countersign'

/** Connections to the database at `url`, made as they are needed. */
export function connectTo(url: string, { waits = {}, isReader = false, onLost = passOver }: Options = {}): pg.Pool {
  const { connecting, answer, ...held } = { ...patience, ...waits }
  const config = {
    connectionString: url,
    application_name: ourName,
    connectionTimeoutMillis: connecting,
    query_timeout: answer,
    keepAlive: true,
    types: { getTypeParser: asNumbers },
  }
  const pool = new pg.Pool({
    ...config,
    Client,
    max: mostConnections,
    allowExitOnIdle: true,
    session: { ...settingsFor(held), ...(isReader && { default_transaction_read_only: 'on' }) },
    onBetween: once(() => requireOwnSession(config)),
  } as pg.PoolConfig)
  pool.on('error', onLost)
  return pool
}

/**
 * Names mean our tables and the server's own functions, whatever `search_path` the database or the role has: a table of the
 * same name in another schema would be read and written instead, and nobody compares its structure with anything. The name of
 * the app is among them since a pooler may not pass it on.
 */
function settingsFor({ lock, silence }: Pick<typeof patience, 'lock' | 'silence'>) {
  return {
    search_path: 'public',
    application_name: ourName,
    lock_timeout: String(lock),
    idle_in_transaction_session_timeout: String(silence),
  }
}

/** The same check for all connections, until it fails. */
function once(check: () => Promise<void>): () => Promise<void> {
  let done: Promise<void> | undefined
  return () => {
    done ??= check().catch((error) => {
      done = undefined
      throw error
    })
    return done
  }
}

/** Whole numbers of eight bytes, which pg gives as text: all of ours are below 2 ** 53. */
export const asNumbers = ((oid: number, format: 'text') =>
  oid === pg.types.builtins.INT8 ? Number : pg.types.getTypeParser(oid, format)) as typeof pg.types.getTypeParser

/** A connection for several statements. Whatever breaks it fails the statement under way as well. */
export async function take(pool: pg.Pool): Promise<pg.PoolClient> {
  const on = await pool.connect()
  // Without a listener, the process would end.
  on.on('error', passOver)
  return on
}

/** One that is not sound is closed. */
export function giveBack(on: pg.PoolClient, isSound: boolean): void {
  on.off('error', passOver)
  on.release(!isSound)
}

function passOver(): void {}
