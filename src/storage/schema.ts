import { sql } from 'drizzle-orm'
import { index, integer, primaryKey, sqliteTable, text } from 'drizzle-orm/sqlite-core'

export const changeRequests = sqliteTable(
  'change_requests',
  {
    id: integer().primaryKey({ autoIncrement: true }),
    stack: text().notNull(),
    tokenUid: text('token_uid').notNull(),
    requester: text().notNull(),
    status: text().notNull(),
    revision: integer().notNull(),
    /** The whole change as JSON; the columns beside it are for finding it. */
    state: text().notNull(),
    /** What the proposal came from (a Slack view), so that a redelivery opens no second change. */
    origin: text().notNull().unique(),
    /** The last audit event of this change. */
    seq: integer().notNull(),
    /** When its status calls for something to be done; null when it calls for nothing. */
    dueAt: text('due_at'),
    cardChannel: text('card_channel'),
    cardTs: text('card_ts'),
    /** The audit event that the card was last drawn for. */
    cardSeq: integer('card_seq'),
    /** Milliseconds since 1970 until which somebody may be posting the card; 0 when it never was, or is known to stand. */
    cardPosting: integer('card_posting').notNull().default(0),
    told: text(),
  },
  (table) => [
    index('change_requests_by_status').on(table.status),
    /** Of every change that has not ended, something is due at some time. */
    index('change_requests_open').on(table.stack, table.tokenUid).where(sql`due_at is not null`),
    index('change_requests_past').on(table.stack, table.tokenUid, table.seq).where(sql`due_at is null`),
  ],
)

/** Append-only: triggers refuse every update and delete. */
export const auditEvents = sqliteTable(
  'audit_events',
  {
    seq: integer().primaryKey(),
    at: text().notNull(),
    actor: text().notNull(),
    changeId: integer('change_id').references(() => changeRequests.id),
    type: text().notNull(),
    body: text().notNull(),
    /** Of the way that bodies are written. */
    version: integer().notNull().default(1),
    /** The id of the key that made `hash`; null without one. */
    key: text(),
    /** Covers all of the entry, and the hash before it. Null for what was written before the log was chained. */
    hash: text(),
  },
  (table) => [
    index('audit_events_by_change').on(table.changeId, table.seq),
    index('audit_events_outside_edits_by_token')
      .on(sql`body ->> 'stack'`, sql`body ->> 'tokenUid'`, table.seq)
      .where(sql`type = 'outside_edit'`),
  ],
)

export const drafts = sqliteTable('drafts', {
  id: text().primaryKey(),
  person: text().notNull(),
  stack: text().notNull(),
  tokenUid: text('token_uid').notNull(),
  body: text().notNull(),
  savedAt: text('saved_at').notNull(),
})

/** The last look at each token: what a form opens with at once. */
export const tokens = sqliteTable(
  'tokens',
  {
    stack: text().notNull(),
    uid: text().notNull(),
    settings: text().notNull(),
    seenAt: text('seen_at').notNull(),
  },
  (table) => [primaryKey({ columns: [table.stack, table.uid] })],
)

export const stacks = sqliteTable('stacks', {
  name: text().primaryKey(),
  facts: text().notNull(),
})
