import { expect, test } from 'vitest'
import { faultsOf } from './storm/judge.ts'
import { liveThrough } from './storm/life.ts'
import { startStorm } from './storm/storm.ts'

/**
 * `npm run storm` lives through three hundred instead, from the seed SEED. This one draws no connection that falls silent at
 * first: the app waits a quarter of a minute for an answer.
 */
const changes = Number(process.env.STORM_CHANGES ?? 4)
const seed = Number(process.env.SEED ?? 119)

test(`three processes on one PostgreSQL leave ${changes} changes where people put them, whatever goes wrong, from the seed ${seed}`, {
  timeout: 7_200_000,
}, async (context) => {
  const storm = await startStorm(context, seed, changes)
  await liveThrough(storm)
  expect(await faultsOf(storm)).toEqual([])
})
