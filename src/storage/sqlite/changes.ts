import type { Change } from '../../domain/change/change.ts'
import { evolve, open } from '../../domain/change/evolve.ts'
import type { ChangeWrites } from '../../ports/changes.ts'
import { madeElsewhere } from '../made-elsewhere.ts'
import type { ReadsChanges } from '../stored-changes.ts'
import { type Audit, readEvents } from './audit.ts'
import type { ChangeRows, Row } from './change-rows.ts'
import type { Database } from './database.ts'
import { prepareToldSince } from './log-order.ts'
import { noteVoidApprovals } from './telling.ts'
import type { Transactions } from './transactions.ts'
import type { WaitingOf } from './waiting.ts'

type Tools = {
  readonly db: Database
  readonly rows: ChangeRows
  readonly audit: Audit
  readonly atomically: Transactions['atomically']
  readonly read: ReadsChanges
  readonly waitingOf: WaitingOf
  readonly at: () => string
}

/** Writes each event of a change together with the state that it leads to. */
export function recordedChanges({ db, rows, audit, atomically, read, waitingOf, at }: Tools): ChangeWrites {
  const isToldSince = prepareToldSince(db)
  const { required } = read

  return {
    open: async (asked, actor, origin, admit) =>
      atomically(() => {
        const event = { ...asked, origin }
        const earlier = rows.askedFor(origin)
        if (earlier) return requireFrom(origin, earlier)
        admit?.(waitingOf(event))
        const opened = open(rows.add(open(0, event), origin), event)
        const { id } = opened
        rows.move(opened, audit.append({ event, actor, changeId: id, at: at() }), null)
        return opened
      }),

    record: async (id, actor, decide, admit) =>
      atomically(() => {
        const before = required(rows.row(id))
        const event = decide(
          before,
          () => rows.beside(before).map(required),
          () => rows.recent(before).map(required),
          (other) => isToldSince(other, before),
        )
        if (!event) return { change: before, event }
        admit?.(waitingOf({ ...before, requester: actor, enteredBy: undefined }))
        const after = evolve(before, event)
        const seq = audit.append({ event, actor, changeId: id, at: at() })
        rows.move(after, seq, before, event.type === 'write_arrived')
        noteVoidApprovals(db, before, event)
        return { change: after, event }
      }),
  }

  /**
   * Throws a Refusal if the log says that this change came from elsewhere: somebody has set the column it is found by.
   */
  function requireFrom(origin: string, row: Row): Change {
    const [first] = readEvents(db, row.id)
    const known = first?.event.type === 'proposed' ? first.event.origin : undefined
    if (known === undefined || known === origin) return required(row)
    throw madeElsewhere(row.id)
  }
}
