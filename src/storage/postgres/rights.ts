import pg from 'pg'
import { asTyped } from '../../domain/as-typed.ts'
import { Refusal } from '../../domain/refusal.ts'
import { visible } from '../../domain/text.ts'
import { grantTo } from '../grant-to.ts'
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

/** Everybody has this one, unless somebody took it from them. */
const schema = { on: 'schema public', right: 'usage' } as const

/** Only tables that are there: those that a migration will make are not asked about. */
const lacks = statement<{ on: string; right: string }>(
  'rights-lacking',
  `select '${schema.on}' as "on", '${schema.right}' as "right", 0 as place
   where not has_schema_privilege(coalesce($3, current_user), 'public', '${schema.right}')
   union all
   select wanted.name, wanted."right", wanted.place
   from unnest($1::text[], $2::text[]) with ordinality as wanted (name, "right", place)
   join pg_class on relname = wanted.name and relnamespace = 'public'::regnamespace
   where not has_table_privilege(coalesce($3, current_user), pg_class.oid, wanted."right")
   order by place`,
)

/**
 * The rights that the app uses and this role, or the one of this connection, does not have, in the order of the documents.
 * Throws if there is no such role.
 */
export async function rightsLacking(
  on: On,
  role: string | null = null,
): Promise<{ readonly on: string; readonly right: string }[]> {
  const wanted = Object.entries(rightsUsed).flatMap(([table, rights]) => rights.map((right) => ({ table, right })))
  const tables = wanted.map(({ table }) => table)
  const rights = wanted.map(({ right }) => right)
  return (await lacks(on, tables, rights, role)).map(({ on, right }) => ({ on, right }))
}

const ownRole = statement<{ role: string }>('own-role', 'select current_user::text as role')
/** The doctor names all of them. */
const mostNamed = 3

/** The rights that the app uses and the role of this connection lacks, and what to do, as clauses; null if it has them all. */
async function lackingIn(on: On): Promise<{ readonly says: string; readonly todo: string } | null> {
  const lacking = (await rightsLacking(on)).map((one) => `${one.right} on ${one.on}`)
  if (lacking.length === 0) return null
  const [{ role }] = (await ownRole(on)) as [{ role: string }]
  const more = lacking.length > mostNamed ? `, and ${lacking.length - mostNamed} more` : ''
  return {
    says: `the role ${visible(role)} lacks rights that Countersign uses (${lacking.slice(0, mostNamed).join(', ')}${more})`,
    todo: grantTo(visible(role)),
  }
}

/** The same in one clause. */
export async function rightsTrouble(on: On): Promise<string | null> {
  const found = await lackingIn(on)
  return found && `${found.says}: ${found.todo}`
}

/** Throws a Refusal that names them, and says what to do, if the role lacks any. */
export async function requireRights(on: On, url: string): Promise<void> {
  const found = await lackingIn(on)
  if (found === null) return
  throw new Refusal(
    'unavailable',
    `Countersign can't use its database ${url}: ${found.says}. To start it, ${found.todo}, then start it again. "${asTyped('doctor')}" names all of them.`,
  )
}

/** On a table, or on the schema. */
export type Rights = { readonly on: string; readonly rights: readonly string[] }

/** Grants the role those of them that it lacks, which only the owner of the tables can. Resolves to what was granted. */
export async function grantLacking(on: On, role: string): Promise<readonly Rights[]> {
  const lacking = Map.groupBy(await rightsLacking(on, role), (one) => one.on)
  const granted = [...lacking].map(([what, all]) => ({ on: what, rights: all.map(({ right }) => right) }))
  for (const { on: what, rights } of granted)
    await on.query(
      `grant ${rights.join(', ')} on ${what === schema.on ? what : `public.${what}`} to ${pg.escapeIdentifier(role)}`,
    )
  return granted
}
