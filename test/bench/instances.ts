import pg from 'pg'
import { isPostgres } from '../../src/domain/database-place.ts'
import { type MixedLoad, mixed } from './mixed-load.ts'
import { percentile } from './numbers.ts'
import { outcome } from './outcome.ts'
import type { Running } from './programs.ts'
import { ownRow, type Rows, row } from './rows.ts'
import { crowd, type OurSide } from './sides.ts'
import { until } from './until.ts'

/** The promise: the 99th percentile of acks, and memory at the end, as multiples; how many are lost or done twice. */
const targets = { p99: 2, memory: 1.15, lost: 0, twice: 0 }

/** So many processes on one PostgreSQL, against one on a file. */
export const instances = 3

type Sides = { readonly several: OurSide; readonly one: OurSide }

/** `connections`: how many to Slack each process has when it is complete. */
export type InstancesLoad = MixedLoad & { readonly connections: number }

/** The same interactions with each side, one after the other. */
export async function instanceRows({ several, one }: Sides, load: InstancesLoad): Promise<Rows> {
  const ours = await under(load, several, instances)
  const floor = await under(load, one, 1)
  const ack = (share: number, target: number | null) =>
    row({ ours: percentile(ours.acks, share), floor: percentile(floor.acks, share), target, unit: 'ms' })
  return {
    instances_ack_p50: ack(0.5, null),
    instances_ack_p99: ack(0.99, targets.p99),
    instances_lost: ownRow({ ours: ours.lost, target: targets.lost, unit: 'lost' }),
    instances_twice: ownRow({ ours: ours.twice, target: targets.twice, unit: 'twice' }),
    instances_connections_to_start: row({ ...grown(ours, 'connections'), target: null, unit: 'connections' }),
    instances_memory_to_start: row({ ...grown(ours, 'memory'), target: targets.memory, unit: 'MB' }),
  }
}

type Held = { readonly connections: number; readonly memory: number }
type Borne = {
  readonly acks: readonly number[]
  readonly lost: number
  readonly twice: number
  readonly start: Held
  readonly end: Held
}

function grown({ start, end }: Borne, what: keyof Held) {
  return { ours: end[what], floor: start[what] }
}

async function under(load: InstancesLoad, side: OurSide, count: number): Promise<Borne> {
  const apps: Running[] = []
  const held = async () => ({
    connections: await connectionsTo(side.database),
    memory: apps.reduce((sum, app) => sum + app.residentMb(), 0),
  })
  try {
    for (let i = 0; i < count; i++) apps.push(await side.start())
    await until(side.slack, 'every connection', () => side.slack.connections >= count * load.connections)
    await getKnown(side, count)
    const { counted, all, seen, start, end } = await mixed(side, load, held)
    const done = await outcome(side, all, seen)
    return { acks: counted.flatMap(({ ackMs }) => ackMs ?? []), ...done, start, end }
  } finally {
    await Promise.all(apps.map((app) => app.stop()))
  }
}

/** Slack is asked who somebody is once in a while, by each process. */
async function getKnown({ slack }: OurSide, count: number): Promise<void> {
  slack.clear()
  for (const { id } of crowd) for (let i = 0; i < count; i++) await slack.as(id).command('/token help')
  const answers = () => slack.calls.filter(({ method, answer }) => method === 'response_url' && answer?.ok)
  await until(slack, 'every answer', () => answers().length === crowd.length * count)
  slack.clear()
}

async function connectionsTo(database: string): Promise<number> {
  if (!isPostgres(database)) return 0
  const client = new pg.Client(database)
  await client.connect()
  const { rows } = await client.query<{ count: number }>(
    `select count(*)::int from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()`,
  )
  await client.end()
  return rows[0]!.count
}
