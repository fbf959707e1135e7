import { z } from 'zod'
import { asTyped } from '../../domain/as-typed.ts'
import { thenSaySo } from '../../domain/audit/put-back.ts'
import { Refusal } from '../../domain/refusal.ts'
import type { MigrationState } from '../../ports/inspection.ts'
import { type Defined, defined } from './definitions.ts'
import { knownMigrations } from './migration-files.ts'
import type { On } from './statements.ts'

type State = MigrationState & {
  /** Everything that newer versions say they have added. Whoever owns the tables can write there what they like. */
  readonly added: readonly Defined[]
}

export async function migrationStateOf(on: On): Promise<State> {
  const done = await doneIn(on)
  const newest = done.at(-1)?.at ?? 0
  const known = knownMigrations().map(({ when }) => when)
  const applied = known.filter((when) => when <= newest).length
  const later = done.filter(({ at }) => at > Math.max(...known)).map(({ adds }) => readAdds(adds))
  return {
    pending: known.length - applied,
    applied,
    isNewer: later.includes(null),
    hasLater: later.length > 0,
    isInOrder: done.length === applied && done.every(({ at }, i) => at === known[i]),
    added: later.flatMap((adds) => adds ?? []),
  }
}

/** `adds`: JSON of everything that a migration added, if the version before can live with it. Without it, none can. */
type Done = { readonly at: number; readonly adds: string | null }

async function doneIn(on: On): Promise<Done[]> {
  const { rows: found } = await on.query<{ is: boolean }>(
    `select to_regclass('public.__drizzle_migrations') is not null as is`,
  )
  if (!found[0]?.is) return []
  // As JSON, since a list from before there was such a column has none.
  const { rows } = await on.query<Done>(
    `select created_at::bigint as at, to_jsonb(m) ->> 'adds' as adds from public.__drizzle_migrations m order by created_at`,
  )
  return rows
}

const additions = z.array(defined)

/** Null for what can't be read, as for none: a version to come may write it in another form. */
function readAdds(adds: string | null): Defined[] | null {
  try {
    return additions.parse(JSON.parse(adds ?? ''))
  } catch {
    return null
  }
}

/** Throws a Refusal unless this version made the tables, or one that it can live with. */
export async function requireThisVersion(on: On): Promise<void> {
  if ((await requireTables(on)).pending > 0)
    throw refused(
      `The database was written by an older Countersign: start this one once ("${asTyped('start')}"), which brings it up to date. If it is a backup, ${thenSaySo()}.`,
    )
}

/** The same, or an older one. */
export async function requireTables(on: On): Promise<MigrationState> {
  const state = await migrationStateOf(on)
  if (state.isNewer) throw refused(writtenByNewer)
  if (state.applied === 0)
    throw refused(
      'The database has no tables of Countersign: give the address that the app has in COUNTERSIGN_DB, and start the app once.',
    )
  return state
}

export function refused(why: string): Refusal {
  return new Refusal('unavailable', `${why} Nothing was done.`)
}

export const writtenByNewer =
  'The database was written by a newer Countersign, and this one would not understand it. Start the newer version.'
