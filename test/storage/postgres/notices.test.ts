import { expect, onTestFinished, test } from 'vitest'
import type { Notice } from '../../../src/ports/presence.ts'
import { connectTo } from '../../../src/storage/postgres/connection.ts'
import { noticesBetween } from '../../../src/storage/postgres/notices.ts'
import { startCutting } from '../../support/cut-postgres.ts'
import { eventually } from '../../support/eventually.ts'
import { emptyPostgres, rawPostgres } from '../../support/postgres.ts'

const bobTurned: Notice = { about: 'person', id: 'U0BOB' }
const homes: Notice = { about: 'homes' }

/** A process on this database that listens, with all that it has heard: 'gap' each time it may have missed something. */
async function listening(url: string) {
  const pool = connectTo(url)
  const notices = noticesBetween(pool, { proof: 20, answer: 100, again: 1 })
  const heard: (Notice | 'gap')[] = []
  const hearing = await notices.hearOthers({
    onNotice: (notice) => void heard.push(notice),
    onGap: () => void heard.push('gap'),
  })
  onTestFinished(async () => {
    await hearing.stop()
    await pool.end()
  })
  await eventually(() => expect(heard).toEqual(['gap']))
  return { heard, tell: notices.tellOthers, stop: hearing.stop }
}

test('what one process tells, each of the others hears, and it does not hear itself', async () => {
  const url = await emptyPostgres()
  const [one, two, three] = [await listening(url), await listening(url), await listening(url)]
  await one.tell(bobTurned)
  await one.tell(homes)
  for (const { heard } of [two, three]) await eventually(() => expect(heard).toEqual(['gap', bobTurned, homes]))
  await two.tell(homes)
  await eventually(() => expect(one.heard).toEqual(['gap', homes]))
})

test('what is told on another database is not heard', async () => {
  const [here, there] = [await listening(await emptyPostgres()), await listening(await emptyPostgres())]
  const other = await rawPostgres(await emptyPostgres())
  await other.query("select pg_notify('countersign', $1)", [JSON.stringify({ from: 'x', ...homes })])
  await there.tell(bobTurned)
  expect(here.heard).toEqual(['gap'])
})

test('anything else that is said there, or that a newer version tells, does no harm', async () => {
  const url = await emptyPostgres()
  const [one, two] = [await listening(url), await listening(url)]
  const raw = await rawPostgres(url)
  for (const payload of ['', 'hello', 'null', '{"from":"x","about":"weather","id":"rain"}', '{"about":"homes"}'])
    await raw.query("select pg_notify('countersign', $1)", [payload])
  await two.tell(bobTurned)
  await eventually(() => expect(one.heard).toEqual(['gap', bobTurned]))
})

test.each(['cut', 'frozen', 'ended by the server'])(
  'a connection that is %s is replaced, and whoever listened is told that something may be missing',
  async (how) => {
    const direct = await emptyPostgres()
    const cutting = await startCutting(direct)
    const [one, two] = [await listening(cutting.url), await listening(direct)]
    if (how === 'cut') cutting.cutAll()
    if (how === 'frozen') {
      const frozen = Promise.withResolvers<void>()
      cutting.fate = () => {
        frozen.resolve()
        return 'freeze before'
      }
      await frozen.promise
      cutting.release()
    }
    if (how === 'ended by the server') {
      const raw = await rawPostgres(direct)
      await raw.query(
        "select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'countersign' and datname = current_database()",
      )
    }
    await eventually(() => expect(one.heard).toEqual(['gap', 'gap']))
    await two.tell(bobTurned)
    await eventually(() => expect(one.heard).toEqual(['gap', 'gap', bobTurned]))
  },
)

test("whoever can't listen at first is not kept waiting, and listens once that works", async () => {
  const cutting = await startCutting(await emptyPostgres())
  cutting.fate = (sent) => (sent.includes('listen countersign') ? 'cut before' : 'pass')
  const pool = connectTo(cutting.url)
  const heard: string[] = []
  const onGap = () => void heard.push('gap')
  const hearing = await noticesBetween(pool, { again: 1 }).hearOthers({ onNotice: () => {}, onGap })
  onTestFinished(async () => {
    await hearing.stop()
    await pool.end()
  })
  expect(heard).toEqual([])
  cutting.release()
  await eventually(() => expect(heard).toEqual(['gap']))
})

test('whoever has stopped listening hears nothing more, and has no connection left', async () => {
  const url = await emptyPostgres()
  const [one, two] = [await listening(url), await listening(url)]
  await one.stop()
  await two.tell(homes)
  const raw = await rawPostgres(url)
  const connections = async () =>
    (
      await raw.query(
        "select count(*)::int as count from pg_stat_activity where datname = current_database() and application_name = 'countersign'",
      )
    ).rows[0].count
  await eventually(async () => expect(await connections()).toBe(2))
  expect(one.heard).toEqual(['gap'])
})
