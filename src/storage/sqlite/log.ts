import type { Breathe } from '../../breathe.ts'
import { checkpointOf } from '../../domain/audit/chain.ts'
import type { Keys } from '../../domain/audit/chain-check.ts'
import { keysLacking } from '../../domain/audit/missing-keys.ts'
import type { LogReads, LogWrites } from '../../ports/log.ts'
import type { ReadsChanges } from '../stored-changes.ts'
import { type Audit, preparePutBackAt, readEvents, readLastFact } from './audit.ts'
import type { ChangeRows } from './change-rows.ts'
import type { Database } from './database.ts'
import { preparePage } from './entries.ts'
import { heldAgainstLog } from './held-log.ts'
import { hiddenBeside } from './hidden-beside.ts'
import { keysSinceIn } from './keys-since.ts'
import { countedRefusals } from './repeated-refusals.ts'
import type { Transactions } from './transactions.ts'
import { preparedWhenUsed } from './when-used.ts'

type Reading = {
  readonly db: Database
  readonly rows: ChangeRows
  readonly audit: Audit
  readonly keys: Keys
  readonly read: ReadsChanges
  readonly breathe: Breathe
}

/** Reads the log, and tells if it bears out a change. */
export function readLog({ db, rows, audit, keys, read, breathe }: Reading): LogReads {
  const putBackAt = preparePutBackAt(db)
  const page = preparePage(preparedWhenUsed(db.$client))
  const log = heldAgainstLog({ sqlite: db.$client, keys, row: rows.row, breathe })
  return {
    events: async (id) => readEvents(db, id),
    entriesFrom: async (seq) => page(seq),
    lastFact: async (type) => readLastFact(db, type),
    putBackAt: async () => putBackAt(),
    checkpoint: async () => {
      const { size, head } = audit.head()
      return checkpointOf(size, head, keys.current)
    },
    hasGrownSince: async (size) => audit.hasGrownSince(size),
    doubt: async (change) => {
      const hidden = await hiddenBeside(change, { changes: rows, readable: read.readable, pause: breathe })
      const found = await log.doubt(change)
      return typeof found === 'string' ? found : (hidden ?? found)
    },
    keysLacking: async () => {
      const atHand = [keys.current, ...keys.earlier].flatMap((one) => one?.id ?? [])
      return keysLacking(keysSinceIn(db.$client), atHand)
    },
  }
}

type Writing = {
  readonly db: Database
  readonly audit: Audit
  readonly atomically: Transactions['atomically']
  readonly now: () => Date
}

/** Writes facts that are not events of a change. */
export function notedFacts({ db, audit, atomically, now }: Writing): LogWrites {
  const at = () => now().toISOString()
  return {
    note: async (fact, actor, changeId) => {
      atomically(() => audit.append({ event: fact, actor, changeId, at: at() }))
    },
    noteAll: async (facts, actor) => {
      atomically(() => {
        for (const event of facts) audit.append({ event, actor, changeId: null, at: at() })
      })
    },
    ...countedRefusals({ db, atomically, append: audit.append, now }),
  }
}
