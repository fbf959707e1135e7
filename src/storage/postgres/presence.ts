import { z } from 'zod'
import type { Instance, Named, PresenceStore } from '../../ports/presence.ts'
import { databaseNow } from './held.ts'
import { type On, statement, writing } from './statements.ts'
import { connected } from './while-stopped.ts'

/** Milliseconds for which a process counts as there after it last said so: six times as long as it waits between. */
const countsFor = 30_000
/** Milliseconds after which nobody needs to know of it. */
const forgottenAfter = 86_400_000

/** Another version may say more, or less, of itself. */
const about = z.object({
  pid: z.number().nullable().default(null),
  names: z.array(z.string()).default([]),
  doubts: z.array(z.number()).default([]),
})

type Row = { readonly id: string; readonly version: string; readonly host: string; readonly about: string }

const at = (place: number) => `coalesce($${place}::bigint, ${databaseNow})`
const note = writing(
  'present',
  `insert into instances (id, version, host, about, came, seen) values ($1, $2, $3, $4, ${at(5)}, ${at(5)})
   on conflict (id) do update set version = excluded.version, about = excluded.about, seen = excluded.seen`,
)
const present = statement<Row>(
  'all-present',
  `select id, version, host, about from instances where seen > ${at(1)} - ${countsFor} order by came, id`,
)
const leave = writing('left', 'delete from instances where id = $1')
const forget = writing('forget-left', `delete from instances where seen < ${at(1)} - ${forgottenAfter}`)

/** The processes of the app on this database. `holdClock` stands in for the database's clock. */
export function presentInstances(on: On, holdClock?: () => Date): Pick<PresenceStore, 'isPresent' | 'hasLeft'> {
  const now = () => holdClock?.().getTime() ?? null
  return {
    isPresent: async ({ id, version, host, ...rest }) => {
      await forget(on, now())
      await note(on, id, version, host, JSON.stringify(about.parse(rest)), now())
      return (await present(on, now())).map(read)
    },
    hasLeft: async (id) => {
      await leave(on, id)
    },
  }
}

function read({ about: said, ...row }: Row): Instance {
  return { ...row, ...about.parse(JSON.parse(said)) }
}

/** Those that were there within the last half minute; none in a database from before they said so. */
export async function presentNow(on: On): Promise<readonly Named[]> {
  const { rows } = await on.query<{ is: boolean }>(`select to_regclass('public.instances') is not null as is`)
  return rows[0]?.is ? (await present(on, null)).map(read) : []
}

/** The same for the database at `url`. Throws a Refusal, in words, if it can't be asked. */
export function presentAt(url: string): Promise<readonly Named[]> {
  return connected(url, presentNow)
}
