import { sql } from 'drizzle-orm'
import { bigint, boolean, customType, index, integer, pgTable, primaryKey } from 'drizzle-orm/pg-core'

/** Compared and sorted byte by byte, as SQLite does: the order of a language would put instants and names elsewhere. */
const text = customType<{ data: string }>({ dataType: () => 'text COLLATE "C"' })

/** A number of an entry or a change, or milliseconds since 1970. */
const whole = (name = '') => bigint(name, { mode: 'number' })

export const changeRequests = pgTable(
  'change_requests',
  {
    id: whole().primaryKey(),
    stack: text().notNull(),
    tokenUid: text('token_uid').notNull(),
    requester: text().notNull(),
    status: text().notNull(),
    revision: integer().notNull(),
    /** The whole change as JSON; the columns beside it are for finding it. */
    state: text().notNull(),
    /** The source of the proposal (a Slack view), so that a redelivery opens no second change. */
    origin: text().notNull().unique(),
    /** The last audit event of this change. */
    seq: whole().notNull(),
    /** When its status calls for something to be done; null if it calls for nothing. */
    dueAt: text('due_at'),
    cardChannel: text('card_channel'),
    cardTs: text('card_ts'),
    /** The audit event that the card was last drawn for. */
    cardSeq: whole('card_seq'),
    /** Milliseconds since 1970 until which somebody may be posting the card; 0 if it never was, or is posted. */
    cardPosting: whole('card_posting').notNull().default(0),
    told: text(),
    /**
     * The places outside with a checkpoint from after its end, by name with spaces in between; `everywhere` for all.
     */
    anchored: text(),
    /** Milliseconds since 1970 until which somebody may be telling the requester; 0 if nobody is. */
    telling: whole().notNull().default(0),
    /** Until when an update that was sent for it may still be seen to arrive; null if none is out. */
    watchUntil: text('watch_until'),
  },
  (table) => [
    index('change_requests_by_status').on(table.status),
    /** Nothing is due for a closed change, and something is due for every open one. */
    index('change_requests_ended').on(table.seq).where(sql`due_at is null`),
    /** Something is due at some time for every open change. */
    index('change_requests_open').on(table.stack, table.tokenUid).where(sql`due_at is not null`),
    index('change_requests_newest_open')
      .on(table.id)
      .where(sql`status in ('pending', 'approved', 'applying', 'drifted')`),
    index('change_requests_past').on(table.stack, table.tokenUid, table.seq).where(sql`due_at is null`),
    index('change_requests_watched').on(table.watchUntil).where(sql`watch_until is not null`),
  ],
)

/** Append-only: triggers refuse every update and delete. */
export const auditEvents = pgTable(
  'audit_events',
  {
    seq: whole().primaryKey(),
    at: text().notNull(),
    actor: text().notNull(),
    changeId: whole('change_id').references(() => changeRequests.id),
    type: text().notNull(),
    body: text().notNull(),
    /** The version of the form of bodies. */
    version: integer().notNull().default(1),
    /** The id of the key that made `hash`; null without one. */
    key: text(),
    /** Covers the whole entry, and the hash before it. Null for entries from before the log was chained. */
    hash: text(),
  },
  (table) => [
    index('audit_events_by_change').on(table.changeId, table.seq),
    index('audit_events_outside_edits').on(table.seq).where(sql`type = 'outside_edit'`),
    index('audit_events_seen').on(sql`in_json(body, 'edit')`).where(sql`type = 'outside_edit_seen'`),
    index('audit_events_verified').on(table.seq).where(sql`type = 'log_verified'`),
    index('audit_events_asked')
      .on(table.actor, table.at)
      .where(sql`type in ('proposed', 'amended', 'rebased', 'taken_over')`),
    index('audit_events_outside_edits_by_token')
      .on(sql`in_json(body, 'stack')`, sql`in_json(body, 'tokenUid')`, table.seq)
      .where(sql`type = 'outside_edit'`),
  ],
)

/** Cards in a channel that their stack has left, not yet updated to say where the card is now. */
export const leftCards = pgTable(
  'left_cards',
  {
    changeId: whole('change_id')
      .notNull()
      .references(() => changeRequests.id),
    channel: text().notNull(),
    ts: text().notNull(),
  },
  (table) => [primaryKey({ columns: [table.changeId, table.channel, table.ts] })],
)

/** Approvals that no longer count. Their rows stay, so that nobody is told twice about the same one. */
export const voidApprovals = pgTable(
  'void_approvals',
  {
    changeId: whole('change_id')
      .notNull()
      .references(() => changeRequests.id),
    person: text().notNull(),
    approvedAt: text('approved_at').notNull(),
    why: text(),
    /** Milliseconds since 1970 until which somebody may be telling this person; 0 if nobody is, null once they know. */
    telling: whole().default(0),
  },
  (table) => [primaryKey({ columns: [table.changeId, table.person, table.approvedAt] })],
)

/** Refusals that somebody meets again and again, until one entry of the log says how often. */
export const repeatedRefusals = pgTable('repeated_refusals', {
  /** Who was refused what, for which change, and why, as JSON. */
  what: text().primaryKey(),
  /** When the log first said so. */
  since: text().notNull(),
  /** How often they met it after that, and when last. */
  times: integer().notNull().default(0),
  until: text().notNull(),
})

export const drafts = pgTable('drafts', {
  id: text().primaryKey(),
  person: text().notNull(),
  stack: text().notNull(),
  tokenUid: text('token_uid').notNull(),
  body: text().notNull(),
  savedAt: text('saved_at').notNull(),
  /** Counts up with each save: the order they were saved in, whatever the clock showed. */
  saved: whole().notNull().generatedByDefaultAsIdentity(),
})

/** The last look at each token: what a form opens with at once. */
export const tokens = pgTable(
  'tokens',
  {
    stack: text().notNull(),
    uid: text().notNull(),
    settings: text().notNull(),
    /** When the look that saw it this way was over. */
    seenAt: text('seen_at').notNull(),
    /** When the stack said that it was last edited, and by whom, in its own words; null if it doesn't say. */
    editedAt: text('edited_at'),
    editedBy: text('edited_by'),
    /** Since when lists lack it, though nothing says that it is gone. */
    missingSince: text('missing_since'),
    /** When the stack said of this very token that it is gone. The row stays, for the token's history. */
    goneAt: text('gone_at'),
  },
  (table) => [primaryKey({ columns: [table.stack, table.uid] })],
)

export const stacks = pgTable('stacks', {
  name: text().primaryKey(),
  facts: text().notNull(),
})

/** App Homes that people have open, which Slack keeps as they were last published. */
export const homes = pgTable('homes', {
  person: text().primaryKey(),
  pages: text().notNull(),
  digest: text().notNull(),
  openedAt: text('opened_at').notNull(),
})

/** The access that stacks granted the app by OAuth. */
export const oauthGrants = pgTable('oauth_grants', {
  /** Its name in the settings. */
  stack: text().primaryKey(),
  clientId: text('client_id').notNull(),
  /** Access token and refresh token, encrypted with a key that is not here. */
  sealed: text().notNull(),
  /** Another one with each grant. */
  number: integer().notNull(),
  storedAt: text('stored_at').notNull(),
  /** Since when somebody renews it; null if nobody does, or none was cut off. */
  renewalBegan: text('renewal_began'),
  /** Milliseconds since 1970 until which somebody may be renewing it; 0 if nobody is. */
  renewing: whole().notNull().default(0),
  /** Why it is of no use any more; null while it is. */
  ended: text(),
})

/** One row, which whoever appends to the log locks first: so writers queue, and numbers have no gaps. */
export const logHead = pgTable('log_head', { only: boolean().primaryKey().default(true) })

/** The processes of the app that are there, or were. */
export const instances = pgTable('instances', {
  id: text().primaryKey(),
  version: text().notNull(),
  host: text().notNull(),
  /** For the others, as JSON: see `Instance`. */
  about: text().notNull(),
  /** Milliseconds since 1970, by the database's clock: when it came, and when it last said so. */
  came: whole().notNull(),
  seen: whole().notNull(),
})
