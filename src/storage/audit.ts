import { asc, eq, max, sql } from 'drizzle-orm'
import { canonicalJson } from '../domain/canonical.ts'
import { changeEvent } from '../domain/change.ts'
import { fact } from '../domain/fact.ts'
import type { AuditEvent } from '../ports.ts'
import type { Database } from './database.ts'
import { auditEvents } from './schema.ts'

const given = sql.placeholder

export type Entry = { event: AuditEvent['event']; actor: string; changeId: number | null; at: string }

/** Writes the log. Prepared once: preparing a statement takes longer than running it, and people wait for their ack. */
export function prepareAudit(db: Database) {
  const last = db
    .select({ seq: max(auditEvents.seq) })
    .from(auditEvents)
    .prepare()
  const insert = db
    .insert(auditEvents)
    .values({
      seq: given('seq'),
      at: given('at'),
      actor: given('actor'),
      changeId: given('changeId'),
      type: given('type'),
      body: given('body'),
    })
    .prepare()

  return {
    /** The number that the next event gets. Holds only inside an immediate transaction, where nobody else can write. */
    nextSeq: (): number => (last.get()?.seq ?? 0) + 1,
    append: (seq: number, { event, actor, changeId, at }: Entry): void => {
      const { type, ...body } = event
      insert.run({ seq, at, actor, changeId, type, body: canonicalJson(body) })
    },
  }
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
