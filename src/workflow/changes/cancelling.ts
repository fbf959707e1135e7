import type { Seen } from '../../domain/change/act.ts'
import * as Cancelling from '../../domain/change/cancelling.ts'
import type { Change } from '../../domain/change/change.ts'
import type { StoredChange } from '../../ports/changes.ts'
import type { Acting, Deps, Press } from './acting.ts'

/** Cancelling a change, by those who asked for it or by an operator. */
export function createCancelling({ store, electorates }: Deps, { keepingRefusals, electorateOf, record, at }: Acting) {
  return { cancel, mayCancel, cancelAsOperator }

  function cancel(id: number, person: string, seen?: Seen): Promise<Change> {
    return keepingRefusals('cancel', person, id, async () => {
      const { by, electorate } = await cancelling(await store.get(id), person)
      return record(id, by, (stored) => Cancelling.cancel(stored, by, at(), seen, electorate))
    })
  }

  /** Resolves to the change if this person could cancel it now: checked before they are asked whether they mean it. */
  function mayCancel(press: Press): Promise<Change> {
    return keepingRefusals('cancel', press.by, press.id, async () => {
      const stored = await store.get(press.id)
      const { by, electorate } = await cancelling(stored, press.by)
      Cancelling.cancel(stored.change, by, at(), press, electorate)
      return stored.change
    })
  }

  async function cancelling({ change }: StoredChange, person: string) {
    const by = await electorates.askerAs(change, person)
    return { by, electorate: by === change.requester ? null : await electorateOf(change, by) }
  }

  function cancelAsOperator(id: number, by: string, reason: string): Promise<Change> {
    return keepingRefusals('cancel', by, id, () =>
      record(id, by, (change) => Cancelling.cancelAsOperator(change, { by, at: at(), reason })),
    )
  }
}
