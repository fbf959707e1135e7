/** Ways to change a database's schema, each with the words that report it. */
export const schemaTampering: readonly { readonly called: string; readonly sql: string; readonly says: string }[] = [
  {
    called: 'a planted trigger that drops refusals and outside edits',
    sql: `create trigger quiet before insert on audit_events when new.type in ('refused', 'outside_edit') begin select raise(ignore); end`,
    says: 'the trigger "quiet" on "audit_events" was planted',
  },
  {
    called: 'a planted trigger that edits what was written',
    sql: `create trigger other after insert on audit_events begin update change_requests set told = 'sent'; end`,
    says: 'the trigger "other" on "audit_events" was planted',
  },
  {
    called: 'a planted trigger that drops anchors',
    sql: 'create trigger adrift before update of anchored on change_requests begin select raise(ignore); end',
    says: 'the trigger "adrift" on "change_requests" was planted',
  },
  {
    called: 'a planted trigger on void approvals',
    sql: 'create trigger valid before insert on void_approvals begin select raise(ignore); end',
    says: 'the trigger "valid" on "void_approvals" was planted',
  },
  {
    called: 'a planted trigger on tokens',
    sql: 'create trigger stale before update on tokens begin select raise(ignore); end',
    says: 'the trigger "stale" on "tokens" was planted',
  },
  {
    called: 'a planted trigger on the list of migrations',
    sql: 'create trigger later after insert on __drizzle_migrations begin delete from tokens; end',
    says: 'the trigger "later" on "__drizzle_migrations" was planted',
  },
  {
    called: 'a list of migrations that lacks one',
    sql: 'delete from __drizzle_migrations where created_at = (select min(created_at) from __drizzle_migrations)',
    says: 'the list of completed migrations ("__drizzle_migrations") was altered',
  },
  {
    called: 'a list of migrations that has one twice',
    sql: 'insert into __drizzle_migrations (hash, created_at) select hash, created_at from __drizzle_migrations limit 1',
    says: 'the list of completed migrations ("__drizzle_migrations") was altered',
  },
  ...['keep', 'stay', 'append'].map((name) => ({
    called: `the dropped trigger audit_events_${name}`,
    sql: `drop trigger audit_events_${name}`,
    says: `the trigger "audit_events_${name}" on "audit_events" was dropped`,
  })),
  {
    called: 'an append-only trigger that was made one that does nothing',
    sql: `drop trigger audit_events_stay; create trigger audit_events_stay before delete on audit_events begin select 1; end`,
    says: 'the trigger "audit_events_stay" on "audit_events" was altered',
  },
  {
    called: 'the dropped index that lets no change be asked for twice',
    sql: 'drop index change_requests_origin_unique',
    says: 'the index "change_requests_origin_unique" on "change_requests" was dropped',
  },
  {
    called: 'a planted index that refuses entries',
    sql: `create unique index once on audit_events (type) where type = 'claimed'`,
    says: 'the index "once" on "audit_events" was planted',
  },
  {
    called: 'an index over other rows than before',
    sql: `drop index change_requests_ended; create index change_requests_ended on change_requests (seq) where due_at = ''`,
    says: 'the index "change_requests_ended" on "change_requests" was altered',
  },
  {
    called: 'a planted column',
    sql: 'alter table change_requests add more text',
    says: 'the table "change_requests" was altered: its column "more" was planted',
  },
  {
    called: 'a dropped column of the tokens',
    sql: 'alter table tokens drop column edited_by',
    says: 'the table "tokens" was altered: its column "edited_by" was dropped',
  },
  {
    called: 'a dropped column of the log',
    sql: 'alter table audit_events drop column hash',
    says: 'the table "audit_events" was altered: its column "hash" was dropped',
  },
  {
    called: 'another default for a column',
    sql: `pragma writable_schema = on; update sqlite_schema set sql = replace(sql, 'DEFAULT 1', 'DEFAULT 2') where name = 'audit_events'; pragma writable_schema = reset`,
    says: 'the table "audit_events" was altered',
  },
  {
    called: 'a table that is no longer STRICT',
    sql: `pragma writable_schema = on; update sqlite_schema set sql = replace(sql, ') STRICT', ')') where name = 'tokens'; pragma writable_schema = reset`,
    says: 'the table "tokens" was altered',
  },
  {
    called: 'a planted table',
    sql: 'create table shadow (id integer)',
    says: 'the table "shadow" was planted',
  },
  {
    called: 'a planted view',
    sql: 'create view all_tokens as select * from tokens',
    says: 'the view "all_tokens" was planted',
  },
  {
    called: 'a log that became a view, with something in the place of what is written to it',
    sql: `alter table audit_events rename to entries;
      create view audit_events as select * from entries;
      create trigger put instead of insert on audit_events begin select 1; end`,
    says: 'the view "audit_events" was planted',
  },
  {
    called: 'a table of tokens that became a view',
    sql: 'alter table tokens rename to looks; create view tokens as select * from looks where false',
    says: 'the view "tokens" was planted',
  },
  ...['9223372036854775807', '9007199254740993', '500'].map((number) => ({
    called: `the last number of a change, set to ${number}`,
    sql: `delete from sqlite_sequence; insert into sqlite_sequence values ('change_requests', ${number})`,
    says: `the number of the last change, after which the next is counted, was altered: ${number} instead of `,
  })),
]

/** Turns off SQLite's guards against this, as somebody with their own program would. */
export const unguarded = 'pragma foreign_keys = off; pragma legacy_alter_table = on'
