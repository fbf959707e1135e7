import { createHash } from 'node:crypto'
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import Sqlite from 'better-sqlite3'
import { drizzle } from 'drizzle-orm/better-sqlite3'
import { onTestFinished } from 'vitest'
import type { AuditKey } from '../../src/domain/audit/chain.ts'
import { openDatabase } from '../../src/storage/sqlite/database.ts'
import { storeIn } from '../../src/storage/sqlite/store.ts'
import { cache } from './cache.ts'

/** A path for a database; deleted when the test is over. */
export function temporaryFile(name = 'countersign.db'): string {
  const folder = mkdtempSync(join(tmpdir(), 'countersign-'))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  return join(folder, name)
}

/**
 * A database with its tables and nothing in them, as after a first start: creating them takes longer than most tests.
 */
export function emptyDatabase(path = temporaryFile()): string {
  copyFileSync(withTables(), path)
  return path
}

const migrations = new URL('../../migrations/', import.meta.url)
let made: string | undefined

/** Made once for each state of the migrations. */
function withTables(): string {
  if (made) return made
  const hash = createHash('sha256')
  for (const name of readdirSync(migrations).filter((name) => name.endsWith('.sql')))
    hash.update(readFileSync(new URL(name, migrations)))
  made = join(cache, `empty-${hash.digest('hex').slice(0, 16)}.db`)
  if (existsSync(made)) return made
  mkdirSync(cache, { recursive: true })
  const unfinished = join(cache, `${process.pid}.unfinished`)
  openDatabase(unfinished).$client.close()
  renameSync(unfinished, made)
  return made
}

/** A connection of the test's own, to look behind the store's back or to get in its way. It never waits for a lock. */
export function rawConnection(path: string): Sqlite.Database {
  const raw = new Sqlite(path, { timeout: 0 })
  onTestFinished(() => {
    raw.close()
  })
  return raw
}

/** A database from a release that had only the migrations before the one called `tag`. */
export function databaseBefore(tag: string, path = temporaryFile()): { path: string; raw: Sqlite.Database } {
  const read = (name: string) => readFileSync(new URL(`../../migrations/${name}`, import.meta.url), 'utf8')
  const { entries } = JSON.parse(read('meta/_journal.json')) as { entries: { tag: string; when: number }[] }
  const raw = rawConnection(path)
  raw.exec('create table __drizzle_migrations (id integer primary key, hash text not null, created_at numeric)')
  for (const { tag: name, when } of entries.slice(
    0,
    entries.findIndex((entry) => entry.tag.endsWith(tag)),
  )) {
    raw.exec(read(`${name}.sql`).replaceAll('--> statement-breakpoint', ''))
    raw.prepare('insert into __drizzle_migrations (hash, created_at) values (?, ?)').run('', when)
  }
  return { path, raw }
}

/** A store on a database that the app has opened: what a start checks takes longer than all that a test reads. */
export function storeBeside(path: string, key: AuditKey = null) {
  return storeIn(drizzle(new Sqlite(path)), () => new Date(), key)
}
