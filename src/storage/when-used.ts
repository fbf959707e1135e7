import type Sqlite from 'better-sqlite3'

/**
 * The same database, whose statements are each prepared when they are first run: whoever opens a file uses few of them, and
 * to prepare all of them takes longer than all else at a start.
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
