import { existsSync } from 'node:fs'
import Sqlite from 'better-sqlite3'
import type { KeysSince } from '../../domain/audit/missing-keys.ts'
import { change } from '../../domain/change/change.ts'
import { noStacks } from '../../domain/change/known-stacks.ts'
import type { Inspection, LastAnchors, SchemaDifference } from '../../ports/inspection.ts'
import { behindAfter, placesIn } from '../last-anchors.ts'
import { readsRows } from '../unreadable-rows.ts'
import { keysSinceIn } from './keys-since.ts'
import { lastEntryOf, prepareTurns } from './log-key.ts'
import { hasTable, migrationState } from './migrations.ts'
import { schemaDifferences } from './schema-check.ts'
import { heldIn, stacksKnownIn } from './stacks-in-file.ts'
import { toRead } from './to-read.ts'
import { isDamaged } from './trouble.ts'

/** Looks at the database file without changing it or its folder. Null if there is none. Throws if it is unreadable. */
export async function inspectDatabase(path: string): Promise<Inspection | null> {
  if (!existsSync(path)) return null
  const { path: file, done } = toRead(path)
  try {
    return inspect(file)
  } finally {
    done()
  }
}

function inspect(path: string): Inspection {
  const sqlite = new Sqlite(path, { readonly: true, fileMustExist: true })
  try {
    const found = sqlite.prepare('pragma integrity_check(10)').pluck().all() as string[]
    const faults = found.filter((fault) => fault !== 'ok')
    const state = { ...migrationState(sqlite), schema: schemaOf(sqlite), ...keysOf(sqlite) }
    const last = { lastAnchors: lastAnchors(sqlite), lastActed: lastActed(sqlite) }
    return { faults, ...state, ...last, ...stacksIn(sqlite), unreadable: unreadableIn(sqlite) }
  } catch (error) {
    // Some damage shows before the check reaches it.
    if (!isDamaged(error)) throw error
    const nothing = {
      pending: 0,
      applied: 0,
      isNewer: false,
      hasLater: false,
      isInOrder: true,
      schema: [],
      unreadable: [],
      lastEntry: null,
      turns: [],
      keysSince: noKeysSince,
      lastAnchors: {},
    }
    return { faults: [error.message], ...nothing, lastActed: null, known: noStacks, held: [] }
  } finally {
    sqlite.close()
  }
}

function schemaOf(sqlite: Sqlite.Database): SchemaDifference[] {
  return migrationState(sqlite).isNewer ? [] : schemaDifferences(sqlite)
}

/** Empty for a file from before entries had keys. */
function keysOf(sqlite: Sqlite.Database): Pick<Inspection, 'lastEntry' | 'turns' | 'keysSince'> {
  const hasKeys = sqlite.prepare(`select 1 from pragma_table_info('audit_events') where name = 'key'`).get()
  if (!hasKeys) return { lastEntry: null, turns: [], keysSince: noKeysSince }
  const turns = prepareTurns(sqlite)(0, Number.POSITIVE_INFINITY)
  return { lastEntry: lastEntryOf(sqlite), turns, keysSince: keysSinceIn(sqlite) }
}

const noKeysSince: KeysSince = { firsts: [], lasts: [], lost: [] }

function lastAnchors(sqlite: Sqlite.Database): LastAnchors {
  if (!hasTable(sqlite, 'audit_events')) return {}
  const last = `select body from audit_events where type = 'log_anchored' order by seq desc limit 1`
  const body = sqlite.prepare<[], string>(last).pluck().get()
  const later = sqlite.prepare(`select 1 from audit_events where seq > ? and at > ? and type <> 'log_anchored' limit 1`)
  return Object.fromEntries(
    placesIn(body).map(([place, last]) => [
      place,
      { ...last, isBehind: later.get(last.size, behindAfter(last)) !== undefined },
    ]),
  )
}

/** A file of an older or newer version may store them differently. */
function stacksIn(sqlite: Sqlite.Database): Pick<Inspection, 'known' | 'held'> {
  const { pending, isNewer } = migrationState(sqlite)
  if (pending > 0 || isNewer) return { known: noStacks, held: [] }
  return { known: stacksKnownIn(sqlite), held: heldIn(sqlite) }
}

/** A file of another version may store them differently. */
function unreadableIn(sqlite: Sqlite.Database): number[] {
  const { pending, isNewer } = migrationState(sqlite)
  if (pending > 0 || isNewer) return []
  const unreadable: number[] = []
  const readRow = readsRows(({ row }) => unreadable.push(Number(row)))
  const rows = sqlite.prepare<[], { id: number; state: string }>('select id, state from change_requests order by id')
  for (const { id, state } of rows.iterate()) {
    readRow('change_requests', String(id), () => change.parse(JSON.parse(state)))
    if (unreadable.length === mostUnreadable) break
  }
  return unreadable
}

const mostUnreadable = 10

/** People's ids begin with U or W; the app itself and other actors are in lower case. */
function lastActed(sqlite: Sqlite.Database): string | null {
  if (!hasTable(sqlite, 'audit_events')) return null
  const newest = sqlite.prepare(`select max(at) from audit_events where actor glob '[UW]*'`).pluck().get()
  return typeof newest === 'string' ? newest : null
}
