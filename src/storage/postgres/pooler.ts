import { randomUUID } from 'node:crypto'
import pg from 'pg'

/** A pooler gives the same connection to the server to several of its clients, a transaction or a statement each. */
export class PoolerShares extends Error {
  override name = 'PoolerShares'
}

/** A second one tells it of a pooler that gives out its connections in turn. */
const others = 2

/**
 * Throws PoolerShares unless whatever stands between here and the server leaves each client its own connection. A pooler
 * that shares them gives the one that this client has used to the next, or another one to this client.
 */
export async function requireOwnSession(config: pg.ClientConfig): Promise<void> {
  const made: pg.Client[] = []
  const client = async () => {
    const one = new pg.Client(config)
    // Whoever waits for an answer is told as well.
    one.on('error', () => {})
    made.push(one)
    await one.connect()
    return one
  }
  try {
    const mark = randomUUID()
    const first = await client()
    await first.query(`select set_config('countersign.mark', '${mark}', false)`)
    for (let i = 0; i < others; i++) {
      const other = await client()
      await begin(other)
      if ((await markOf(other)) === mark || (await markOf(first)) !== mark)
        throw new PoolerShares('it gave one connection to the server to two clients')
    }
  } finally {
    for (const one of made) void one.end().catch(() => {})
  }
}

/** Keeps a pooler from giving its connection to the server to another. */
async function begin(on: pg.Client): Promise<void> {
  await on.query('begin').catch((error) => {
    throw error instanceof pg.DatabaseError && error.code === protocolViolation
      ? new PoolerShares(error.message, { cause: error })
      : error
  })
}

/** The code of PgBouncer for a transaction, where it shares connections by the statement. Seen with 1.18. */
const protocolViolation = '08P01'

async function markOf(on: pg.Client): Promise<string | null> {
  const { rows } = await on.query<{ mark: string | null }>(`select current_setting('countersign.mark', true) as mark`)
  return rows[0]?.mark ?? null
}
