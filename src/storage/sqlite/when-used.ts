import type Sqlite from 'better-sqlite3'

/**
 * The same database, with each statement prepared when it is first run: whoever opens a file uses few of them, and
 * preparing all of them takes longer than everything else at a start.
 */
export function preparedWhenUsed(sqlite: Sqlite.Database): Pick<Sqlite.Database, 'prepare'> {
  return { prepare: ((source: string) => whenUsed(() => sqlite.prepare(source))) as Sqlite.Database['prepare'] }
}

function whenUsed(prepare: () => Sqlite.Statement) {
  let prepared: Sqlite.Statement | undefined
  const statement = () => (prepared ??= prepare())
  return {
    run: (...values: unknown[]) => statement().run(...values),
    get: (...values: unknown[]) => statement().get(...values),
    all: (...values: unknown[]) => statement().all(...values),
    pluck: () => whenUsed(() => prepare().pluck()),
    raw: () => whenUsed(() => prepare().raw()),
  }
}

/** Queries that drizzle writes. Those with a list in them have a different text for each length of it. */
const mostKept = 200

/** The same database for drizzle, which prepares a query each time that it runs: here each is prepared once. */
export function preparedOnce(sqlite: Sqlite.Database): Sqlite.Database {
  const kept = new Map<string, Sqlite.Statement>()
  const prepare = (source: string) => {
    const known = kept.get(source)
    if (known) return known
    if (kept.size === mostKept) kept.clear()
    const prepared = sqlite.prepare(source)
    kept.set(source, prepared)
    return prepared
  }
  return { prepare, transaction: sqlite.transaction.bind(sqlite) } as Sqlite.Database
}
