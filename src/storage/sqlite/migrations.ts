import { readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import type Sqlite from 'better-sqlite3'
import { z } from 'zod'
import type { MigrationState } from '../../ports/inspection.ts'
import { shipped } from '../../shipped.ts'

const journal = z.object({ entries: z.array(z.object({ when: z.number(), tag: z.string() })) })

export function migrationState(sqlite: Sqlite.Database): MigrationState {
  const done = doneIn(sqlite)
  const newest = done.at(-1) ?? 0
  const known = entries().map(({ when }) => when)
  const applied = known.filter((when) => when <= newest).length
  const isInOrder = done.length === applied && done.every((when, i) => when === known[i])
  const isNewer = newest > Math.max(...known)
  return { pending: known.length - applied, applied, isNewer, hasLater: isNewer, isInOrder }
}

/** By their times, in order. The migrator itself looks only at the newest. */
function doneIn(sqlite: Sqlite.Database): number[] {
  if (!hasTable(sqlite, '__drizzle_migrations')) return []
  const times = sqlite.prepare('select created_at from __drizzle_migrations order by cast(created_at as integer)')
  return times.pluck().all().map(Number)
}

/** The names of the migration files without their ending, in order. */
export function migrationTags(): string[] {
  return entries().map(({ tag }) => tag)
}

let readBefore: z.infer<typeof journal>['entries'] | undefined

function entries() {
  readBefore ??= journal.parse(
    JSON.parse(readFileSync(join(migrationsFolder(), 'meta', '_journal.json'), 'utf8')),
  ).entries
  return readBefore
}

export function hasTable(sqlite: Sqlite.Database, name: string): boolean {
  return sqlite.prepare('select 1 from sqlite_master where name = ?').get(name) !== undefined
}

export function migrationsFolder(): string {
  return dirname(shipped('migrations/meta'))
}
