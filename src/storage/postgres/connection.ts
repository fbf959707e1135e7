import pg from 'pg'
import { Client } from './client.ts'

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

/**
 * Names mean our tables and the server's own functions, whatever `search_path` the database or the role has: a table of the
 * same name in another schema would be read and written instead, and nobody compares its structure with anything.
 */
const ourSchema = '-c search_path=public'

/** Connections to the database at `url`, made as they are needed. */
export function connectTo(url: string, { waits = {}, isReader = false, onLost = passOver }: Options = {}): pg.Pool {
  const { connecting, answer, lock, silence } = { ...patience, ...waits }
  const pool = new pg.Pool({
    connectionString: url,
    Client,
    max: mostConnections,
    application_name: 'countersign',
    connectionTimeoutMillis: connecting,
    query_timeout: answer,
    lock_timeout: lock,
    idle_in_transaction_session_timeout: silence,
    keepAlive: true,
    allowExitOnIdle: true,
    types: { getTypeParser: asNumbers },
    options: isReader ? `${ourSchema} -c default_transaction_read_only=on` : ourSchema,
  })
  pool.on('error', onLost)
  return pool
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
