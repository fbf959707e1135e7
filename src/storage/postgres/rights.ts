import { type On, statement } from './statements.ts'

const toRead = ['select'] as const
const toKeep = ['select', 'insert', 'update'] as const
const toKeepForAWhile = [...toKeep, 'delete'] as const

/** The rights on each table that the app uses once the tables are made: nothing in the log can be changed with them. */
const rightsUsed: Readonly<Record<string, readonly string[]>> = {
  audit_events: ['select', 'insert'],
  log_head: ['select', 'update'],
  change_requests: toKeep,
  void_approvals: toKeep,
  tokens: toKeep,
  stacks: toKeep,
  oauth_grants: toKeep,
  left_cards: toKeepForAWhile,
  repeated_refusals: toKeepForAWhile,
  drafts: toKeepForAWhile,
  homes: toKeepForAWhile,
  instances: toKeepForAWhile,
  __drizzle_migrations: toRead,
}

/** Only tables that are there: those that a migration will make are not asked about. */
const lacks = statement<{ table: string; right: string }>(
  'rights-lacking',
  `select wanted.name as "table", wanted."right" from unnest($1::text[], $2::text[]) as wanted (name, "right")
   join pg_class on relname = wanted.name and relnamespace = 'public'::regnamespace
   where not has_table_privilege(pg_class.oid, wanted."right")`,
)

/** The rights that the app uses and this role does not have. */
export function rightsLacking(on: On): Promise<{ readonly table: string; readonly right: string }[]> {
  const wanted = Object.entries(rightsUsed).flatMap(([table, rights]) => rights.map((right) => ({ table, right })))
  return lacks(
    on,
    wanted.map(({ table }) => table),
    wanted.map(({ right }) => right),
  )
}
