import { readFileSync } from 'node:fs'
import Sqlite from 'better-sqlite3'

/** A database file at `path` as the first release made it, without rows: to fill in and close. */
export function fileOfTheFirstRelease(path: string): Sqlite.Database {
  const db = new Sqlite(path)
  const [statements, journal] = ['0000_start.sql', 'meta/_journal.json'].map((name) =>
    readFileSync(new URL(`../../migrations/${name}`, import.meta.url), 'utf8'),
  )
  db.exec(statements!.replaceAll('--> statement-breakpoint', ''))
  db.exec('create table __drizzle_migrations (id integer primary key, hash text not null, created_at numeric)')
  const { when } = JSON.parse(journal!).entries[0]
  db.prepare(`insert into __drizzle_migrations (hash, created_at) values ('', ?)`).run(when)
  return db
}
