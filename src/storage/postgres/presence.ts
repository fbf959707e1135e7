import { z } from 'zod'
import { lossProblem, type Seen } from '../../domain/audit/log-end.ts'
import type { Instance, Named, PresenceStore } from '../../ports/presence.ts'
import { LogTrouble } from '../log-trouble.ts'
import type { SeenEnd } from '../seen-end.ts'
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
  /** The last entry of the log that it saw. */
  end: z.object({ seq: z.number(), hash: z.string().nullable() }).nullable().default(null),
})
type About = z.infer<typeof about>

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

const hashes = statement<Seen>('seen-elsewhere', 'select seq, hash from audit_events where seq = any($1)')

type Tools = {
  readonly on: On
  readonly seen: SeenEnd
  /** Stands in for the database's clock. */
  readonly holdClock?: () => Date
}

/** The processes of the app on this database. Each tells the others what it saw in the log, so that all notice a loss. */
export function presentInstances({ on, seen, holdClock }: Tools): Pick<PresenceStore, 'isPresent' | 'hasLeft'> {
  const now = () => holdClock?.().getTime() ?? null
  return {
    isPresent: async ({ id, version, host, ...rest }) => {
      await forget(on, now())
      const mine: About = { ...about.parse(rest), end: seen.last() }
      await note(on, id, version, host, JSON.stringify(mine), now())
      const all = (await present(on, now())).map(readWithEnd)
      const ends = all.flatMap(({ end }) => end ?? [])
      const loss = await lossAmong(on, ends)
      seen.isLostElsewhere(loss)
      // At once, and not when something is to be written next.
      if (loss !== null) throw new LogTrouble(loss)
      return all.map(withoutEnd)
    },
    hasLeft: async (id) => {
      await leave(on, id)
    },
  }
}

/** The first of these entries that the log does not have, as a clause; null if it has all. */
async function lossAmong(on: On, ends: readonly Seen[]): Promise<string | null> {
  const found = await hashes(
    on,
    ends.map(({ seq }) => seq),
  )
  const hashOf = new Map(found.map(({ seq, hash }) => [seq, hash]))
  return ends.map((end) => lossProblem(end, hashOf.get(end.seq))).find((problem) => problem !== null) ?? null
}

function readWithEnd({ about: said, ...row }: Row): Instance & Pick<About, 'end'> {
  return { ...row, ...about.parse(JSON.parse(said)) }
}

function withoutEnd({ end: _, ...instance }: ReturnType<typeof readWithEnd>): Instance {
  return instance
}

/** Those that were there within the last half minute; none in a database from before they said so. */
export async function presentNow(on: On): Promise<readonly Named[]> {
  const { rows } = await on.query<{ is: boolean }>(`select to_regclass('public.instances') is not null as is`)
  return rows[0]?.is ? (await present(on, null)).map(readWithEnd).map(withoutEnd) : []
}

/** The same for the database at `url`. Throws a Refusal, in words, if it can't be asked. */
export function presentAt(url: string): Promise<readonly Named[]> {
  return connected(url, presentNow)
}
