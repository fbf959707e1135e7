import { existsSync } from 'node:fs'
import Sqlite from 'better-sqlite3'
import type { Entry } from '../../domain/audit/chain-check.ts'
import type { StoredRow } from '../../domain/audit/replay.ts'
import { endedStatuses } from '../../domain/change/change.ts'
import { Refusal } from '../../domain/refusal.ts'
import type { CardRef } from '../../ports/cards.ts'
import type { Evidence } from '../../ports/evidence.ts'
import { isAboutToken } from '../about-token.ts'
import { empty, isEmpty } from './empty-file.ts'
import { entriesOf } from './entries.ts'
import { inJson } from './in-json.ts'
import { lookedThrough, untrueInWords } from './index-check.ts'
import { migrationState } from './migrations.ts'
import { schemaDifferences } from './schema-check.ts'
import { stacksKnownIn } from './stacks-in-file.ts'
import { type ToRead, toRead, whereItCanBeRead } from './to-read.ts'
import { helpsDamaged, isDamaged } from './trouble.ts'

/**
 * Opens the file at `path` without changing it, or anything beside it. Throws a Refusal if it is missing, or not a
 * database of this version.
 */
export function openEvidence(path: string): Evidence {
  const { db, close } = connect(path)
  try {
    db.exec('begin')
    requireThisVersion(db, path)
    return { ...evidenceIn(db), close }
  } catch (error) {
    close()
    throw error instanceof Refusal ? error : unreadable(path, error)
  }
}

/** The same from a database that is already open. */
export function evidenceIn(db: Sqlite.Database): Evidence {
  return {
    entries: () => entriesOf(db),
    ...storedIn(db),
    schema: [...schemaDifferences(db).map(({ what }) => what), ...faultsIn(db)],
    cards: async () => cardsOf(db),
    tokensCalled: async (name) => tokensCalled(db, name),
    stacks: async () => stacksKnownIn(db),
    isAbout: async (token) => isAbout(db, token),
    close: () => void db.close(),
  }
}

function faultsIn(db: Sqlite.Database): string[] {
  const { untrue, damage } = lookedThrough(db)
  return [...untrue.map(untrueInWords), ...(damage === null ? [] : [`a part of the file is damaged (${damage})`])]
}

function connect(path: string): { db: Sqlite.Database; close: () => void } {
  if (!existsSync(path))
    throw new Refusal('unavailable', `${path} does not exist: set COUNTERSIGN_DB as for the app. Nothing was checked.`)
  if (isEmpty(path)) throw new Refusal('unavailable', `${path} ${empty()}. Nothing was checked.`)
  let file: ToRead | undefined
  try {
    file = toRead(path)
    const db = new Sqlite(file.path, { readonly: true, fileMustExist: true })
    return { db, close: closing(db, file) }
  } catch (error) {
    file?.done()
    throw error instanceof Refusal ? error : unreadable(path, error)
  }
}

function closing(db: Sqlite.Database, { done }: ToRead): () => void {
  return () => {
    db.close()
    done()
  }
}

function unreadable(path: string, error: unknown): Refusal {
  const why = error instanceof Error ? error.message : String(error)
  const instead = isDamaged(error) ? `If it is the app's database, ${helpsDamaged()}` : whereItCanBeRead(error)
  return new Refusal(
    'unavailable',
    `${path} can't be read as a Countersign database (${why}). ${instead === null ? '' : `${instead}. `}Nothing was checked.`,
  )
}

/** Versions can store things differently; only migrating evens that out. */
function requireThisVersion(db: Sqlite.Database, path: string): void {
  const { pending, isNewer } = migrationState(db)
  if (isNewer || pending > 0)
    throw new Refusal(
      'unavailable',
      isNewer
        ? `${path} was written by a newer Countersign: run this with that version. Nothing was checked.`
        : `${path} is from an older Countersign, or from another program. If it is the app's file, start this version on it first. For a backup, run this with the version that wrote it. Nothing was checked.`,
    )
}

function storedIn(db: Sqlite.Database): Pick<Evidence, 'rows' | 'count' | 'withoutProposal' | 'counted'> {
  const columns =
    'id, stack, token_uid as tokenUid, requester, status, revision, state, origin, seq, due_at as dueAt, watch_until as watchUntil, card_seq as cardSeq'
  const prepared = once(() =>
    db.prepare<[string], StoredRow & { id: number }>(
      `select ${columns} from change_requests where id in (select value from json_each(?))`,
    ),
  )
  const count = () => db.prepare<[], number>('select count(*) from change_requests').pluck()
  const proposals = `select 1 from audit_events where change_id = id and type = 'proposed'`
  const without = () => db.prepare<[], number>(`select id from change_requests where not exists (${proposals})`).pluck()
  const counts = once(() =>
    db.prepare<[string, string], number>('select times from repeated_refusals where what = ? and since = ?').pluck(),
  )
  return {
    rows: async (ids) =>
      new Map(
        prepared()
          .all(JSON.stringify(ids))
          .map((row) => [row.id, row]),
      ),
    count: async () => count().get()!,
    withoutProposal: async () => without().all(),
    counted: async (key, since) => counts().get(key, since),
  }
}

/** Made only when needed: a file that lacks a table fails only then. */
function once<T>(make: () => T): () => T {
  let made: T | undefined
  return () => (made ??= make())
}

function cardsOf(db: Sqlite.Database): CardRef[] {
  const ended = endedStatuses.map((status) => `'${status}'`).join(', ')
  return db
    .prepare<[], CardRef>(
      `select card_channel as channel, card_ts as ts from change_requests where card_ts is not null and status in (${ended}) order by id`,
    )
    .all()
}

function tokensCalled(db: Sqlite.Database, name: string): { stack: string; uid: string }[] {
  return db
    .prepare<{ name: string }, { stack: string; uid: string }>(
      `select stack, token_uid as uid from change_requests
       where @name in (token_uid, ${inJson('state', '$.before.name')}, ${inJson('state', '$.after.name')})
       union select stack, uid from tokens where @name in (uid, ${inJson('settings', '$.name')})`,
    )
    .all({ name })
}

function isAbout(db: Sqlite.Database, token: { stack: string; uid: string }): (entry: Entry) => boolean {
  const changes = new Set(
    db.prepare('select id from change_requests where stack = ? and token_uid = ?').pluck().all(token.stack, token.uid),
  )
  return ({ changeId, body }) => (changeId === null ? isAboutToken(body, token) : changes.has(changeId))
}
