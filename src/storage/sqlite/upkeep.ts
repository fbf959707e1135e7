import type { Upkeep } from '../../ports/store.ts'
import type { Audit } from './audit.ts'
import type { Database } from './database.ts'
import type { Mark } from './mark.ts'
import type { Transactions } from './transactions.ts'

type Tools = {
  readonly db: Database
  readonly audit: Audit
  readonly atomically: Transactions['atomically']
  readonly mark: Mark
}

export function keptWell({ db, audit, atomically, mark }: Tools): Upkeep {
  let hasStarted = false
  return {
    tryToWrite: async () => {
      mark.due()
      atomically(audit.requireEnd)
    },
    tidy: async () => {
      // Not at the first call, when the app starts and people wait for it: the next round soon follows.
      if (hasStarted) {
        db.$client.pragma('wal_checkpoint(PASSIVE)')
        mark.due()
      }
      hasStarted = true
    },
    close: async () => {
      db.$client.close()
    },
  }
}
