import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import Sqlite from 'better-sqlite3'
import { onTestFinished } from 'vitest'

/** Where a database may be made; it goes when the test is over. */
export function temporaryFile(name = 'countersign.db'): string {
  const folder = mkdtempSync(join(tmpdir(), 'countersign-'))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  return join(folder, name)
}

/** A connection of the test's own, to look behind the store's back or to stand in its way. It never waits for a lock. */
export function rawConnection(path: string): Sqlite.Database {
  const raw = new Sqlite(path, { timeout: 0 })
  onTestFinished(() => {
    raw.close()
  })
  return raw
}

/** A database as a release left it that knew only the migrations before the one called `tag`. */
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
