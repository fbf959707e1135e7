import { z } from 'zod'
import { type On, statement } from './statements.ts'

/** Something that a database defines. */
export const defined = z.object({ type: z.string(), name: z.string(), on: z.string(), sql: z.string() })
export type Defined = z.infer<typeof defined>

/** Of the schema that Countersign's tables are in: everything that could drop or change what is written unnoticed. */
const definitions = statement<Defined>(
  'definitions',
  `with ours as (select oid, relname, relkind, relrowsecurity from pg_class where relnamespace = 'public'::regnamespace)
   select 'table' as type, relname::text as name, relname::text as "on",
     concat(relkind, case when relrowsecurity then ' row security' end) as sql
   from ours where relkind in ('r', 'p', 'f', 'v', 'm')
   union all
   select 'column', attname, relname, concat(format_type(atttypid, atttypmod),
     (select concat(' collate ', collname) from pg_collation c where c.oid = attcollation),
     case when attnotnull then ' not null' end, ' default ' || pg_get_expr(adbin, adrelid),
     case when attidentity <> '' then ' counted' end)
   from ours join pg_attribute on attrelid = ours.oid and attnum > 0 and not attisdropped
   left join pg_attrdef on adrelid = attrelid and adnum = attnum
   where relkind = 'r'
   union all
   select 'index', i.relname, t.relname, concat(pg_get_indexdef(indexrelid), case when not indisvalid then ' invalid' end)
   from pg_index join ours t on t.oid = indrelid join pg_class i on i.oid = indexrelid
   union all
   select 'constraint', conname, relname, pg_get_constraintdef(pg_constraint.oid)
   from pg_constraint join ours on ours.oid = conrelid where contype in ('c', 'f', 'x')
   union all
   select 'trigger', tgname, relname, concat(pg_get_triggerdef(pg_trigger.oid), case when tgenabled <> 'O' then ' switched' end)
   from pg_trigger join ours on ours.oid = tgrelid where not tgisinternal
   union all
   select 'rule', rulename, relname, pg_get_ruledef(pg_rewrite.oid)
   from pg_rewrite join ours on ours.oid = ev_class where rulename <> '_RETURN'
   union all
   select 'policy', polname, relname, concat(polcmd) from pg_policy join ours on ours.oid = polrelid
   union all
   select 'function', proname, proname, pg_get_functiondef(oid)
   from pg_proc where pronamespace = 'public'::regnamespace and prokind = 'f'
   order by 1, 3, 2`,
)

/** Everything that the database defines, for the file that it is compared with. */
export async function definedIn(on: On): Promise<Defined[]> {
  return (await definitions(on)).filter(({ on }) => !on.includes('__drizzle_migrations'))
}

export function keyOf({ type, on, name }: Defined): string {
  return `${type} ${on} ${name}`
}
