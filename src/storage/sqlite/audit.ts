import { asc } from 'drizzle-orm'
import { entryHash, genesis } from '../../domain/audit/chain.ts'
import type { Keys } from '../../domain/audit/chain-check.ts'
import { type Fact, fact } from '../../domain/audit/fact.ts'
import { keyFault, type LastEntry } from '../../domain/audit/key-check.ts'
import { goOn, type KeyOrder, keysSince } from '../../domain/audit/key-order.ts'
import { endProblem, type LogEnd, type Seen } from '../../domain/audit/log-end.ts'
import { canonicalJson } from '../../domain/canonical.ts'
import type { AuditEvent } from '../../ports/log.ts'
import { asEvent, type EventRow } from '../events.ts'
import { asWritten, oneRow } from '../kept.ts'
import { keyTroubles } from '../key-troubles.ts'
import { LogTrouble } from '../log-trouble.ts'
import { createSeenEnd } from '../seen-end.ts'
import type { Database } from './database.ts'
import { keyOrderIn, logEnd } from './log-key.ts'
import { auditEvents } from './schema.ts'
import { preparedWhenUsed } from './when-used.ts'

export type Entry = { event: AuditEvent['event']; actor: string; changeId: number | null; at: string }

/** The version of the JSON form of events. */
const version = 1

export type Audit = ReturnType<typeof prepareAudit>

/** Writes the log. In SQL and prepared once, since people wait for it, and building a statement takes longest. */
export function prepareAudit(db: Database, keys: Keys) {
  const key = keys.current
  const { $client: sqlite } = db
  const last = sqlite.prepare<[], LogEnd & { hash: string | null }>(logEnd)
  const columns = ['seq', 'at', 'actor', 'change_id', 'type', 'body', 'version', 'key', 'hash']
  const insert = sqlite.prepare(
    `insert into "audit_events" (${columns.map((name) => `"${name}"`).join(', ')}) values (${columns.map(() => '?').join(', ')})`,
  )
  const readBack = sqlite
    .prepare<[number], unknown[]>(
      `select ${columns.map((name) => `"${name}"`).join(', ')} from "audit_events" where seq = ?`,
    )
    .raw()

  const hashAt = sqlite.prepare<[number], string | null>('select hash from audit_events where seq = ?').pluck()
  const grown = preparedWhenUsed(sqlite)
    .prepare<[number], 1>(`select 1 from audit_events where seq > ? and type <> 'log_anchored' limit 1`)
    .pluck()

  /** True once the log has an entry with this process's key: from then on no other is valid, whatever came before. */
  let hasBegun = false
  const seen = createSeenEnd()
  /** The last entry as this transaction found or wrote it. */
  let end: (Seen & LastEntry) | null = null

  return { begin, append, committed, head, requireEnd, hasGrownSince: (size: number) => grown.get(size) !== undefined }

  /**
   * Appends an entry, and returns its number. Only inside an immediate transaction, where nobody else can write. Throws
   * LogTrouble if the file did not keep it as written, or has an end that nothing may be appended to.
   */
  function append({ event, actor, changeId, at }: Entry): number {
    const { type, ...content } = event
    requireEnd()
    const { size, head: previous } = head()
    const [seq, body] = [size + 1, canonicalJson(content)]
    const hash = entryHash(previous, { seq, at, actor, changeId, type, body, version }, key)
    const row = [seq, at, actor, changeId, type, body, version, key?.id ?? null, hash]
    oneRow(insert.run(...row))
    asWritten(readBack.get(seq), row)
    end = { seq, hash, key: key?.id ?? null, type }
    return seq
  }

  /** Called first in each transaction. Throws LogTrouble if the log no longer has what this process saw in it. */
  function begin(): void {
    end = null
    const before = seen.last()
    seen.requireNoneLost(before, before ? hashAt.get(before.seq) : undefined)
  }

  /** Called once the transaction is committed. */
  function committed(): void {
    if (end === null) return
    seen.saw(end)
    hasBegun ||= key !== null && end.key === key.id
  }

  function orderBehind(found: LastEntry): KeyOrder {
    return key && hasBegun ? goOn(keysSince(key), { ...found, body: '{}' }, keys) : keyOrderIn(sqlite, keys)
  }

  /** The number of entries, and the hash of the last. Throws LogTrouble if that can't be told. */
  function head(): { size: number; head: string } {
    const found = inOrder()
    if (!found) return { size: 0, head: genesis }
    return { size: found.seq, head: found.hash ?? headBeforeChaining(db) }
  }

  /** Throws LogTrouble if nothing may be appended after the last entry. */
  function requireEnd(): void {
    const found = inOrder()
    end = found ?? null
    // Another process may have begun to write with a newer key, or somebody wrote with one that was replaced.
    const fault = found ? keyFault(found, keys, () => orderBehind(found)) : null
    if (fault !== null) throw new LogTrouble(keyTroubles[fault])
  }

  function inOrder() {
    const found = last.get()
    const problem = endProblem(found ?? null)
    if (problem !== null) throw new LogTrouble(problem)
    return found
  }
}

/** Entries from before the log was chained have no hash: the first that has one covers them all. */
function headBeforeChaining(db: Database): string {
  const entries = db.select().from(auditEvents).orderBy(asc(auditEvents.seq)).all()
  return entries.reduce((previous, entry) => entryHash(previous, entry, null), genesis)
}

export function readEvents(db: Database, changeId?: number): AuditEvent[] {
  const [where, of] = changeId === undefined ? ['', []] : ['where change_id = ?', [changeId]]
  const wanted = db.$client.prepare<number[], EventRow>(
    `select seq, at, actor, change_id as changeId, type, body from audit_events ${where} order by seq`,
  )
  return wanted.all(...of).map(asEvent)
}

export function readLastFact<T extends Fact['type']>(db: Database, type: T): Extract<Fact, { type: T }> | null {
  const last = db.$client.prepare<[string], string>(
    'select body from audit_events where type = ? order by seq desc limit 1',
  )
  const body = last.pluck().get(type)
  return body === undefined ? null : (fact.parse({ ...JSON.parse(body), type }) as Extract<Fact, { type: T }>)
}

/** Many more than the day that matters has; looking through a long log takes too long. */
const newest = 20_000

/** Tells when a backup was last recorded as put back, by the newest entries, or null. Looks at each entry once. */
export function preparePutBackAt({ $client: sqlite }: Database): () => string | null {
  const size = sqlite.prepare<[], number>('select coalesce(max(seq), 0) from audit_events').pluck()
  const said = sqlite.prepare<[number, number], string>(
    `select at from audit_events where seq > ? and seq <= ? and type = 'log_put_back' order by seq desc limit 1`,
  )
  let known: { readonly upTo: number; readonly at: string | null } | null = null
  return () => {
    const upTo = size.get()!
    const at = said.pluck().get(known?.upTo ?? upTo - newest, upTo) ?? known?.at ?? null
    known = { upTo, at }
    return at
  }
}
