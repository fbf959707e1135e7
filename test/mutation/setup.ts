import fc from 'fast-check'
import { beforeEach, vi } from 'vitest'
import { watchProcesses } from './elsewhere.ts'
import { readLedger } from './ledger.ts'
import { testsOfToday } from './tests.ts'

watchProcesses()

// A dead mutant is enough: nobody reads the smallest example. A failure that does not show within half a second hardly
// ever does.
fc.configureGlobal({ ...fc.readConfigureGlobal(), endOnFailure: true, interruptAfterTimeLimit: 500 })

// The limit of a minute is for busy machines; a mutant that keeps a test waiting would use all of it.
const { waitFor } = vi
vi.waitFor = (check, options) => waitFor(check, { ...(typeof options === 'object' && options), timeout: 3000 })

// With a mutant awake from the start, nothing else shows which tests fail without it.
if (process.env.__STRYKER_ACTIVE_MUTANT__) {
  const today = testsOfToday()
  const done = readLedger(process.env.MUTATION_LEDGER ?? '').filter((one) => 'done' in one && today.has(one.done))
  const leftOut = new Set(done.flatMap((one) => ('done' in one ? one.leftOut : [])))
  beforeEach(({ task, skip }) => skip(leftOut.has(task.name)))
}
