import { expect, test, vi } from 'vitest'
import { databaseClock } from '../../../src/storage/postgres/clock.ts'
import { emptyPostgres, rawPostgres } from '../../support/postgres.ts'

const aDay = 86_400_000

test("the app goes by the server's clock, whatever the clock of its own machine shows", async () => {
  const url = await emptyPostgres()
  const raw = await rawPostgres(url)
  const serverShows = async () => {
    const { rows } = await raw.query('select (extract(epoch from clock_timestamp()) * 1000)::bigint as ms')
    return Number(rows[0].ms)
  }
  const monotonic = () => performance.now()
  const shown = Date.now() + aDay
  vi.spyOn(Date, 'now').mockReturnValue(shown)
  const clock = databaseClock(url, monotonic)
  expect(clock.now().getTime()).toBeGreaterThan(shown - aDay / 2)
  await clock.measure()
  const [before, now, after] = [await serverShows(), clock.now().getTime(), await serverShows()]
  const measuredWithin = 50
  expect(now).toBeGreaterThanOrEqual(before - measuredWithin)
  expect(now).toBeLessThanOrEqual(after + measuredWithin)
  await clock.stop()
})

test('it goes on by time that passes, and follows the server when it is measured again', async () => {
  const url = await emptyPostgres()
  let passed = 0
  const clock = databaseClock(url, () => performance.now() + passed, 20)
  await clock.measure()
  const before = clock.now().getTime()
  passed = aDay
  expect(clock.now().getTime()).toBeGreaterThanOrEqual(before + aDay)
  await vi.waitFor(() => expect(clock.now().getTime()).toBeLessThan(before + aDay / 2))
  await clock.stop()
})
