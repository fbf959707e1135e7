import type { Change } from '../../domain/change/change.ts'
import type { ChangeEvent } from '../../domain/change/event.ts'
import { evolve, open } from '../../domain/change/evolve.ts'
import type { ChangeWrites, Decision } from '../../ports/changes.ts'
import { madeElsewhere } from '../made-elsewhere.ts'
import type { ReadsChanges } from '../stored-changes.ts'
import { addRow, moveRow, type Row, rowsAround, rowsFrom } from './change-rows.ts'
import { eventsOf } from './events.ts'
import { toldSince } from './log-order.ts'
import type { On } from './statements.ts'
import { noteVoidApprovals } from './telling.ts'
import type { Transactions } from './transaction.ts'
import type { WaitingOf } from './waiting.ts'

type Tools = {
  readonly atomically: Transactions['atomically']
  readonly read: ReadsChanges
  readonly waitingOf: WaitingOf
  readonly at: () => string
}

/** Writes each event of a change together with the state that it leads to. */
export function recordedChanges({ atomically, read, waitingOf, at }: Tools): ChangeWrites {
  const { required } = read

  return {
    open: async (asked, actor, origin, admit) =>
      atomically(async ({ on, append }) => {
        const event = { ...asked, origin }
        const [earlier] = await rowsFrom(on, origin)
        if (earlier) return requireFrom(on, origin, earlier)
        admit?.(await waitingOf(on, event))
        const opened = open(await addRow(on, open(0, event), origin), event)
        await moveRow(on, opened, await append({ event, actor, changeId: opened.id, at: at() }), null)
        return opened
      }),

    record: async (id, actor, decide, admit) =>
      atomically(async ({ on, append }) => {
        const { before, event } = await decided(on, id, decide)
        if (!event) return { change: before, event }
        admit?.(await waitingOf(on, { ...before, requester: actor, enteredBy: undefined }))
        const after = evolve(before, event)
        const seq = await append({ event, actor, changeId: id, at: at() })
        await moveRow(on, after, seq, before, event.type === 'write_arrived')
        await noteVoidApprovals(on, before, event)
        return { change: after, event }
      }),
  }

  /** Asks the log about other changes only if the decision does, and then once more for the decision itself. */
  async function decided(on: On, id: number, decide: Decision): Promise<{ before: Change; event: ChangeEvent | null }> {
    const { it, ...others } = await rowsAround(on, id)
    const before = required(it)
    const [beside, recent] = [() => others.beside.map(required), () => others.recent.map(required)]
    let isAsked = false
    const event = decide(before, beside, recent, () => {
      isAsked = true
      return false
    })
    if (!isAsked) return { before, event }
    const told = await toldSince(on, [...others.beside, ...others.recent], before)
    return { before, event: decide(before, beside, recent, (other) => told.has(other.id)) }
  }

  /**
   * Throws a Refusal if the log says that this change came from elsewhere: somebody has set the column it is found by.
   */
  async function requireFrom(on: On, origin: string, row: Row): Promise<Change> {
    const [first] = await eventsOf(on, row.id)
    const known = first?.event.type === 'proposed' ? first.event.origin : undefined
    if (known === undefined || known === origin) return required(row)
    throw madeElsewhere(row.id)
  }
}
