import type Sqlite from 'better-sqlite3'

/** Of the file beside the database: more than is written between two calls, after which what is there is written over. */
const room = 8_000_000

/**
 * `Store.tidy`. The first time nothing is done: the app starts, and people wait for it. From then on what was written is moved
 * into the database itself. Once, it makes the file beside the database (its WAL) as long as it gets in use, since a commit
 * that makes it longer is on disk later than one that does not.
 */
export function tidying(sqlite: Sqlite.Database): () => Promise<void> {
  let hasStarted = false
  let hasRoom = false
  return async () => {
    if (hasStarted) {
      sqlite.pragma('wal_checkpoint(PASSIVE)')
      if (!hasRoom) hasRoom = makeRoom(sqlite)
    }
    hasStarted = true
  }
}

/** False, and nothing is different, when it can't be done now: somebody else writes, or the disk is too full for it. */
function makeRoom(sqlite: Sqlite.Database): boolean {
  const settings = ['cache_size', 'busy_timeout'].map((name) => [name, sqlite.pragma(name, { simple: true })] as const)
  // With hardly any cache it goes to the file before it is taken back.
  sqlite.pragma('cache_size = 10')
  sqlite.pragma('busy_timeout = 0')
  try {
    sqlite.exec(`begin immediate; create table room (x); insert into room values (zeroblob(${room})); rollback`)
    // To the disk, so that no decision has to wait for it.
    sqlite.pragma('user_version = 0')
    return true
  } catch {
    return false
  } finally {
    if (sqlite.inTransaction) sqlite.exec('rollback')
    for (const [name, value] of settings) sqlite.pragma(`${name} = ${value}`)
  }
}
