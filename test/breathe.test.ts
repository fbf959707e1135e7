import { expect, test } from 'vitest'
import { inRuns } from '../src/breathe.ts'

test('work in runs pauses between them, for as long as each took, and not after the last', async () => {
  const pauses: number[] = []
  const pause = async (ms: number) => void pauses.push(ms)
  const done: (readonly number[])[] = []
  for await (const run of inRuns([1, 2, 3, 4, 5], 2, pause)) {
    const began = performance.now()
    while (done.length === 1 && performance.now() - began < 20);
    done.push(run)
  }
  expect(done).toEqual([[1, 2], [3, 4], [5]])
  expect(pauses).toHaveLength(2)
  expect(pauses[1]).toBeGreaterThanOrEqual(20)
})
