import fc from 'fast-check'
import { beforeEach } from 'vitest'
import { watchProcesses } from './elsewhere.ts'
import { readLedger } from './ledger.ts'

watchProcesses()

// That a mutant dies is enough: nobody reads the smallest example. What has not shown within half a second hardly ever does.
fc.configureGlobal({ ...fc.readConfigureGlobal(), endOnFailure: true, interruptAfterTimeLimit: 500 })

// With a mutant awake from the start, nothing else tells a test that would fail without it.
if (process.env.__STRYKER_ACTIVE_MUTANT__) {
  const leftOut = new Set(
    readLedger(process.env.MUTATION_LEDGER ?? '').flatMap((one) => ('done' in one ? one.leftOut : [])),
  )
  beforeEach(({ task, skip }) => skip(leftOut.has(task.name)))
}
