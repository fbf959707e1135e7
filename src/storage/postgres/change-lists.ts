import type pg from 'pg'
import { besideOf } from '../../domain/change/beside.ts'
import type { Change, OpenStatus } from '../../domain/change/change.ts'
import type { ChangeReads, StoredChange } from '../../ports/changes.ts'
import type { ReadsChanges } from '../stored-changes.ts'
import { columnsOf, openNames, type Row, rowOf, rowsFrom } from './change-rows.ts'
import { statement } from './statements.ts'
import { unfinishedIn } from './unfinished.ts'
import type { WaitingOf } from './waiting.ts'

type Tools = { readonly pool: pg.Pool; readonly read: ReadsChanges; readonly waitingOf: WaitingOf }

/** Open changes read in one go. */
const rowsAtOnce = 500

const select = `select ${columnsOf('c')} from change_requests c`
const open = statement<Row>('open', `${select} where status in (${openNames}) order by id desc`)
const openOf = statement<Row>(
  'open-of',
  `${select} where status in (${openNames}) and stack = $1 and token_uid = $2 and due_at is not null order by id desc`,
)
const openBefore = statement<Row>(
  'open-before',
  `${select} where status in (${openNames}) and id < $1 order by id desc limit $2`,
)
/** By two columns, so that neither alone can hide an open change. */
const lookOpen = statement<Row>(
  'look-open',
  `${select} where id > $1 and (due_at is not null or status in (${openNames})) order by id limit ${rowsAtOnce}`,
)
const newest = statement<Row>('newest', `${select} order by id desc limit $1`)
const newestOf = statement<Row>('newest-of', `${select} where stack = $1 and token_uid = $2 order by id desc limit $3`)
const statuses = statement<{ id: number; status: OpenStatus }>(
  'statuses',
  `select id, status from change_requests where status in (${openNames})`,
)
const waits = statement<object>(
  'anything-waiting',
  `select 1 from change_requests where status in ('pending', 'approved') limit 1`,
)
const watched = statement<Row>('watched', `${select} where watch_until > $1 and watch_until is not null`)

/** Changes as they are stored. */
export function storedChanges({ pool, read, waitingOf }: Tools): ChangeReads {
  const { readable, stored, listed } = read

  return {
    get: async (id) => stored(await rowOf(pool, id)),
    openedFrom: async (origin) => {
      const [found] = await rowsFrom(pool, origin)
      return found ? stored(found) : null
    },
    unfinished: async (now, isDueNow) => {
      const due: number[] = []
      for await (const run of openRows())
        due.push(...run.filter((row) => isDue(row, now, isDueNow)).map(({ id }) => id))
      return [...new Set([...due, ...(await unfinishedIn(pool))])].sort((a, b) => a - b)
    },
    openChanges: async (of) => {
      const found = of ? await openOf(pool, of.stack, of.tokenUid) : await open(pool)
      return found.flatMap(listed)
    },
    openChangesBefore: async (id, most) => {
      const found: StoredChange[] = []
      for (let before = id; ; ) {
        const run = await openBefore(pool, before, most)
        found.push(...run.flatMap(listed))
        if (run.length < most || found.length >= most) return found.slice(0, most)
        before = run.at(-1)!.id
      }
    },
    changes: async ({ of, most }) => {
      const found = of ? await newestOf(pool, of.stack, of.tokenUid, most) : await newest(pool, most)
      return found.flatMap(listed)
    },
    openStatuses: async () => new Map((await statuses(pool)).map(({ id, status }) => [id, status])),
    anythingWaiting: async () => (await waits(pool)).length > 0,
    watched: async (now) => (await watched(pool, now)).flatMap((row) => readable(row) ?? []),
    waiting: (of) => waitingOf(pool, of),
  }

  /** All changes that look open by any sign. */
  async function* openRows(): AsyncGenerator<readonly Row[]> {
    for (let after = Number.MIN_SAFE_INTEGER; ; ) {
      const run = await lookOpen(pool, after)
      yield run
      if (run.length < rowsAtOnce) return
      after = run.at(-1)!.id
    }
  }

  /**
   * Judged by the change itself, since the column beside it can be set to any time. An unreadable one is due as stored.
   */
  function isDue(row: Row, now: string, isDueNow?: (change: Change) => boolean): boolean {
    const change = readable(row)
    if (change !== null && isDueNow) return isDueNow(change)
    const { dueAt } = change === null ? row : besideOf(change)
    return dueAt !== null && dueAt <= now
  }
}
