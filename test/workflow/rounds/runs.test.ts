import { expect, test } from 'vitest'
import { createRuns } from '../../../src/workflow/rounds/runs.ts'

test('calls while work on one is under way end in one more run of it, and none of another', async () => {
  const underWay = [Promise.withResolvers<void>(), Promise.withResolvers<void>()]
  const ran: number[] = []
  const runs = createRuns(async (id) => {
    ran.push(id)
    await underWay[ran.length - 1]?.promise
  })
  runs.soon(1)
  for (let i = 0; i < 3; i++) runs.soon(1)
  expect(ran).toEqual([1])
  underWay[0]!.resolve()
  await runs.done(1)
  expect(ran).toEqual([1, 1])
  underWay[1]!.resolve()
  await runs.idle()
  expect([ran, runs.isIdle()]).toEqual([[1, 1], true])
})
