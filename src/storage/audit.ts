import { asc, desc, eq, sql } from 'drizzle-orm'
import { canonicalJson } from '../domain/canonical.ts'
import { type AuditKey, entryHash, genesis } from '../domain/chain.ts'
import { changeEvent } from '../domain/change.ts'
import { type Fact, fact } from '../domain/fact.ts'
import type { AuditEvent } from '../ports.ts'
import type { Database } from './database.ts'
import { auditEvents } from './schema.ts'

const given = sql.placeholder

export type Entry = { event: AuditEvent['event']; actor: string; changeId: number | null; at: string }

/** Of the way that events are written as JSON. */
const version = 1

/** Writes the log. Prepared once: preparing a statement takes longer than running it, and people wait for their ack. */
export function prepareAudit(db: Database, key: AuditKey) {
  const { seq, hash } = auditEvents
  const last = db.select({ seq, hash }).from(auditEvents).orderBy(desc(seq)).limit(1).prepare()
  const insert = db
    .insert(auditEvents)
    .values({
      seq: given('seq'),
      at: given('at'),
      actor: given('actor'),
      changeId: given('changeId'),
      type: given('type'),
      body: given('body'),
      version,
      key: key?.id ?? null,
      hash: given('hash'),
    })
    .prepare()

  return { append, head }

  /** Adds an entry behind the last, and returns its number. Only inside an immediate transaction, where nobody else can write. */
  function append({ event, actor, changeId, at }: Entry): number {
    const { type, ...content } = event
    const { size, head: previous } = head()
    const entry = { seq: size + 1, at, actor, changeId, type, body: canonicalJson(content), version }
    insert.run({ ...entry, hash: entryHash(previous, entry, key) })
    return entry.seq
  }

  /** How many entries there are, and the hash of the last. */
  function head(): { size: number; head: string } {
    const found = last.get()
    if (!found) return { size: 0, head: genesis }
    return { size: found.seq, head: found.hash ?? headBeforeChaining(db) }
  }
}

/** Entries that were written before the log was chained have no hash: the first that has one covers them all. */
function headBeforeChaining(db: Database): string {
  const entries = db.select().from(auditEvents).orderBy(asc(auditEvents.seq)).all()
  return entries.reduce((previous, entry) => entryHash(previous, entry, null), genesis)
}

export function readEvents(db: Database, changeId?: number): AuditEvent[] {
  const rows = db.select().from(auditEvents).orderBy(asc(auditEvents.seq))
  const wanted = changeId === undefined ? rows.all() : rows.where(eq(auditEvents.changeId, changeId)).all()
  return wanted.map(({ seq, at, actor, changeId, type, body }) => {
    return { seq, at, actor, changeId, event: parseEvent({ ...JSON.parse(body), type }) }
  })
}

export function readLastFact<T extends Fact['type']>(db: Database, type: T): Extract<Fact, { type: T }> | null {
  const { seq } = auditEvents
  const last = db.select().from(auditEvents).where(eq(auditEvents.type, type)).orderBy(desc(seq)).limit(1).get()
  return last ? (fact.parse({ ...JSON.parse(last.body), type }) as Extract<Fact, { type: T }>) : null
}

const anyEvent = changeEvent.or(fact)

function parseEvent(body: unknown): AuditEvent['event'] {
  return anyEvent.parse(body)
}
