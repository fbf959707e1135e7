import { asc, eq, max } from 'drizzle-orm'
import { canonicalJson } from '../domain/canonical.ts'
import { changeEvent } from '../domain/change.ts'
import { fact } from '../domain/fact.ts'
import type { AuditEvent } from '../ports.ts'
import type { Database } from './database.ts'
import { auditEvents } from './schema.ts'

export type Entry = { event: AuditEvent['event']; actor: string; changeId: number | null; at: string }

/** The number that the next event gets. Holds only inside an immediate transaction, where nobody else can write. */
export function nextSeq(db: Database): number {
  const last = db
    .select({ seq: max(auditEvents.seq) })
    .from(auditEvents)
    .get()
  return (last?.seq ?? 0) + 1
}

export function append(db: Database, seq: number, { event, actor, changeId, at }: Entry): void {
  const { type, ...body } = event
  db.insert(auditEvents)
    .values({ seq, at, actor, changeId, type, body: canonicalJson(body) })
    .run()
}

export function readEvents(db: Database, changeId?: number): AuditEvent[] {
  const rows = db.select().from(auditEvents).orderBy(asc(auditEvents.seq))
  const wanted = changeId === undefined ? rows.all() : rows.where(eq(auditEvents.changeId, changeId)).all()
  return wanted.map(({ type, body, ...row }) => ({ ...row, event: parseEvent({ ...JSON.parse(body), type }) }))
}

const anyEvent = changeEvent.or(fact)

function parseEvent(body: unknown): AuditEvent['event'] {
  return anyEvent.parse(body)
}
