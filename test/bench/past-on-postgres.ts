import { setTimeout as rest } from 'node:timers/promises'
import Sqlite from 'better-sqlite3'
import { verifyDatabase } from '../../src/cli/audit/verify.ts'
import type { Delivery } from '../../src/sandbox/slack/protocol.ts'
import { exampleTokens } from '../../src/sandbox/stack/example-tokens.ts'
import { everywhere } from '../../src/storage/anchored.ts'
import { openSource, openTarget } from '../../src/storage/engine/moving.ts'
import { openStoreAt } from '../../src/storage/engine/store.ts'
import { tables } from '../../src/storage/moving.ts'
import { writeLongLog } from '../support/long-log.ts'
import { bob } from '../support/world.ts'
import { interleaved, type Turn } from './interleaved.ts'
import type { Running } from './programs.ts'
import { delayRows, type Rows } from './rows.ts'
import { type OurSide, oneOfCrowd } from './sides.ts'
import { until } from './until.ts'

/** The promise: the 99th percentile on PostgreSQL, as a multiple of that on a file. */
const target = 1.5

export type LongPast = {
  /** The length of the log. */
  readonly entries: number
  /** How many changes are open at its end. */
  readonly open: number
  /** How often each screen is opened, and how often everything is swept. */
  readonly screens: number
  readonly sweeps: number
}

/** `ours`: on PostgreSQL; `floor`: on a file. Both databases are empty. */
type Sides = { readonly ours: OurSide; readonly floor: OurSide }

/** The same long past on both: screens until Slack is called for them, and the reads and the write of a sweep. */
export async function longPastRows({ ours, floor }: Sides, size: LongPast): Promise<Rows> {
  writePast(floor.database, size)
  await copy(floor.database, ours.database)
  const apps = [await ours.start(), await floor.start()]
  await Promise.all(apps.map(untilQuiet))
  const screens = { warmUp: Math.ceil(size.screens / 20), samples: size.screens }
  const opened = await interleaved({ ours: open(ours), floor: open(floor) }, screens)
  for (const app of apps) await app.stop()
  const swept = await sweeps(ours.database, floor.database, size.sweeps)
  const [own, bare] = [
    { ...opened.ours, ...swept.ours },
    { ...opened.floor, ...swept.floor },
  ]
  const of = (what: keyof typeof own) => {
    const name = `long_past_${what}`
    const p99 = `${name}_p99`
    const rows = (limit: number | null) => delayRows(name, own[what], bare[what], limit)
    return { ...rows(null), [p99]: rows(target)[p99]! }
  }
  return { ...of('form'), ...of('home'), ...of('history'), ...of('sweep') }
}

/** Every card is as it should be, and everybody was told. */
function writePast(database: string, { entries, open }: LongPast): void {
  writeLongLog(database, entries, null, { tokenUid: exampleTokens()[0]!.uid, open })
  const db = new Sqlite(database)
  db.exec(`
    update change_requests set card_channel = 'C0APPROVALS', card_ts = '1700000000.' || substr('00000' || id, -6),
      card_seq = seq, told = case when due_at is null then status || ' ' || revision else 'sent' end,
      anchored = case when due_at is null then '${everywhere}' end`)
  db.close()
}

/** As `move` does. Throws if the log does not verify there. */
async function copy(file: string, url: string): Promise<void> {
  const [source, target] = [await openSource(file), await openTarget(url)]
  for (const table of tables) for await (const rows of source.rows(table)) await target.write(table, rows)
  await target.finish()
  await Promise.all([source.close(), target.close()])
  const { intact } = await verifyDatabase(url, { current: null, earlier: [] }, null)
  if (!intact.holds) throw new Error(`The log in ${url} does not verify.`)
}

/** Percent of a core: an app that has just started holds every open change against the policy. */
const quiet = 30

async function untilQuiet(app: Running): Promise<void> {
  do {
    await app.strain()
    await rest(1000)
  } while ((await app.strain()).corePercent > quiet)
}

/** The form and the page of a token with most of that past, and the Home of somebody whom every open change waits for. */
function open({ slack, stack }: OurSide): Turn<'form' | 'home' | 'history'> {
  return async (round) => {
    const { command } = slack.as(oneOfCrowd(round))
    return {
      form: await timeTo('views.open', () => command('/token edit ci-deploy')),
      home: await timeTo('views.publish', () => slack.as(bob).openHome()),
      history: await timeTo('views.open', () => command('/token show ci-deploy')),
    }
  }

  async function timeTo(method: string, act: () => Promise<Delivery>): Promise<number> {
    slack.clear()
    stack.clear()
    const { sentAt } = await act()
    const answered = () => slack.calls.find((call) => call.method === method && call.answer?.ok)
    await until(slack, `an answer to ${method}`, () => answered() !== undefined)
    return answered()!.at - sentAt
  }
}

async function sweeps(url: string, file: string, samples: number) {
  const now = () => new Date()
  const [ours, floor] = [await openStoreAt(url, { now }), await openStoreAt(file, { now })]
  const times = await interleaved({ ours: sweep(ours), floor: sweep(floor) }, { warmUp: 1, samples })
  await Promise.all([ours.close(), floor.close()])
  return times
}

type Store = Awaited<ReturnType<typeof openStoreAt>>

/** All that a sweep asks of the database when there is nothing to do. */
function sweep(store: Store): Turn<'sweep'> {
  return async () => {
    const [began, at] = [performance.now(), new Date().toISOString()]
    await store.tryToWrite()
    await store.unfinished(at)
    await store.anythingWaiting()
    await store.homes()
    await store.sumUpRefusals()
    return { sweep: performance.now() - began }
  }
}
