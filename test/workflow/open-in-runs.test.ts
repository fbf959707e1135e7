import { expect, test } from 'vitest'
import { openInRuns } from '../../src/workflow/open-in-runs.ts'
import { createClock } from '../support/clock.ts'
import { fileWith } from '../support/many.ts'
import { storeWithTurns } from '../support/turns.ts'

/** That many open changes among others that have ended. */
function filled(open: number) {
  return storeWithTurns(createClock(), fileWith({ ended: 30, open }))
}

test('open changes are read newest first, a hundred at a time, with a turn for others in between', async () => {
  const { store } = filled(230)
  const [runs, turns] = [[] as number[][], { count: 0 }]
  const pause = async () => void turns.count++
  for await (const run of openInRuns(store, pause)) runs.push(run.map(({ change }) => change.id))
  expect(runs.map(({ length }) => length)).toEqual([100, 100, 30])
  expect(runs.flat()).toEqual(Array.from({ length: 230 }, (_, i) => 260 - i))
  expect(turns.count).toBe(2)
})

test('there is no run without a change, whether they end with a run or there is none at all', async () => {
  for (const [open, runs] of [
    [0, []],
    [100, [100]],
  ] as const) {
    const { store } = filled(open)
    const lengths: number[] = []
    for await (const run of openInRuns(store, async () => {})) lengths.push(run.length)
    expect(lengths).toEqual(runs)
  }
})

test('due changes are looked for among open ones a hundred at a time', async () => {
  const { store, turns } = filled(230)
  expect(await store.unfinished('2026-06-30T00:00:00.000Z')).toHaveLength(260)
  expect(turns.count).toBe(2)
})

test('however many open changes in a row cannot be read, others have their turn after each hundred of them', async () => {
  const { store, turns, sqlite } = filled(330)
  sqlite.exec("update change_requests set state = '{}' where id > 60")
  expect((await store.openChangesBefore(Number.MAX_SAFE_INTEGER, 100)).map(({ change }) => change.id)).toHaveLength(30)
  expect(turns.count).toBe(3)
})
