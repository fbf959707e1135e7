import { copyFileSync, existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import Sqlite from 'better-sqlite3'
import type { LastEntry } from '../domain/key-check.ts'
import { type KnownStacks, noStacks } from '../domain/known-stacks.ts'
import { lastEntryOf } from './log-key.ts'
import { hasTable, type MigrationState, migrationState } from './migrations.ts'
import { type SchemaDifference, schemaDifferences } from './schema-check.ts'
import { type Held, heldIn, stacksKnownIn } from './stacks-in-file.ts'

export type Inspection = MigrationState & {
  /** What SQLite finds wrong with the file, in its words; nothing when it is sound. */
  readonly faults: readonly string[]
  /** What it defines otherwise than the migrations do; nothing where a newer version made it. */
  readonly schema: readonly SchemaDifference[]
  readonly lastEntry: LastEntry | null
  /** When somebody last did something in Slack, as an ISO instant. */
  readonly lastActed: string | null
  readonly known: KnownStacks
  readonly held: readonly Held[]
}

/**
 * A look at the database file, which stays as it is, as does its folder. Null when there is none. Throws when it can't be
 * read at all.
 */
export function inspectDatabase(path: string): Inspection | null {
  if (!existsSync(path)) return null
  // Even a reader leaves a -wal and a -shm beside a file that nobody has open, so that one is read in a copy.
  return existsSync(`${path}-shm`) ? inspect(path) : inCopy(path, inspect)
}

function inCopy<T>(path: string, read: (copy: string) => T): T {
  const folder = mkdtempSync(join(tmpdir(), 'countersign-'))
  try {
    const copy = join(folder, 'copy.db')
    copyFileSync(path, copy)
    if (existsSync(`${path}-wal`)) copyFileSync(`${path}-wal`, `${copy}-wal`)
    return read(copy)
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

function inspect(path: string): Inspection {
  const sqlite = new Sqlite(path, { readonly: true, fileMustExist: true })
  try {
    const found = sqlite.prepare('pragma integrity_check(10)').pluck().all() as string[]
    const faults = found.filter((fault) => fault !== 'ok')
    const state = { ...migrationState(sqlite), schema: schemaOf(sqlite), lastEntry: lastEntry(sqlite) }
    return { faults, ...state, lastActed: lastActed(sqlite), ...stacksIn(sqlite) }
  } catch (error) {
    if (!isDamage(error)) throw error
    const nothing = { pending: 0, applied: 0, isNewer: false, schema: [], lastEntry: null, lastActed: null }
    return { faults: [error.message], ...nothing, known: noStacks, held: [] }
  } finally {
    sqlite.close()
  }
}

function schemaOf(sqlite: Sqlite.Database): SchemaDifference[] {
  return migrationState(sqlite).isNewer ? [] : schemaDifferences(sqlite)
}

/** None in a file from before entries had keys. */
function lastEntry(sqlite: Sqlite.Database): LastEntry | null {
  const hasKeys = sqlite.prepare(`select 1 from pragma_table_info('audit_events') where name = 'key'`).get()
  return hasKeys ? lastEntryOf(sqlite) : null
}

/** Some damage shows before the check comes to it. */
function isDamage(error: unknown): error is Error {
  return error instanceof Sqlite.SqliteError && /^SQLITE_(CORRUPT|NOTADB)/.test(error.code)
}

/** A file of an older or a newer version may keep them otherwise. */
function stacksIn(sqlite: Sqlite.Database): Pick<Inspection, 'known' | 'held'> {
  const { pending, isNewer } = migrationState(sqlite)
  if (pending > 0 || isNewer) return { known: noStacks, held: [] }
  return { known: stacksKnownIn(sqlite), held: heldIn(sqlite) }
}

/** People's ids begin with U or W; the app itself and whatever else acts are written small. */
function lastActed(sqlite: Sqlite.Database): string | null {
  if (!hasTable(sqlite, 'audit_events')) return null
  const newest = sqlite.prepare(`select max(at) from audit_events where actor glob '[UW]*'`).pluck().get()
  return typeof newest === 'string' ? newest : null
}
