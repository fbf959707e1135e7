import { Refusal } from '../refusal.ts'
import type { Asking, Change } from './change.ts'
import type { Electorate } from './electorate.ts'
import type { ChangeEvent } from './event.ts'
import { sealOf } from './seal.ts'

/** Who asks for it once `by` does instead of `from`. The requester stays the same if they still may ask. */
export function askersAfter(
  change: Asking,
  by: string,
  from: readonly string[],
): Pick<Asking, 'requester' | 'amenders'> {
  const requester = from.includes(change.requester) ? by : change.requester
  const others = [...change.amenders, by].filter((person) => person !== requester && !from.includes(person))
  return { requester, amenders: [...new Set(others)] }
}

/** The person who asked for it first. */
export function firstRequester({ requester, takenOver = [] }: Asking): string {
  return takenOver[0]?.requester ?? requester
}

/** Who gave the reason; null if others may have edited it before that was kept. */
export function reasonAuthor(change: Asking & Pick<Change, 'reasonBy' | 'enteredBy' | 'revision'>): string | null {
  const { reasonBy, enteredBy, requester, amenders, takenOver, revision } = change
  if (reasonBy !== undefined) return reasonBy
  if (amenders.length > 0 || takenOver !== undefined) return null
  if (enteredBy === undefined) return requester
  return revision === 1 ? enteredBy : null
}

/** True if it waits to be taken over, since somebody who asks for it may no longer ask. */
export function isOrphaned({ barredAskers = [] }: Pick<Change, 'barredAskers'>): boolean {
  return barredAskers.length > 0
}

/** True for a change, as it is shown, that nobody can take over so that it could still be approved. */
export function isHeirless({ heirs }: { readonly heirs?: Change['heirs'] | undefined }): boolean {
  return heirs?.length === 0
}

/** The wait of a change if somebody who asks for it may not, as the rest of `is waiting to be …`. */
export function orphanWaitsFor({ heirs, status }: Pick<Change, 'heirs' | 'status'>): string {
  if (!isHeirless({ heirs })) return 'taken over or cancelled'
  return status === 'pending' ? 'rejected or cancelled' : 'cancelled'
}

/** Notes who of its askers may no longer ask; null if that is known already, or makes no difference to it now. */
export function barAskers(change: Change, { seal, barredAskers }: Electorate, at: string): ChangeEvent | null {
  const isOpen = change.status === 'pending' || change.status === 'approved' || change.status === 'drifted'
  const known = JSON.stringify(change.barredAskers ?? []) === JSON.stringify(barredAskers)
  return isOpen && seal === sealOf(change) && !known ? { type: 'askers_barred', at, barred: barredAskers } : null
}

/** Throws a Refusal while somebody who asks for it may no longer ask. `done`: what can't be done to it. */
export function requireAskers({ id }: Change, { barredAskers }: Electorate, done: string): void {
  const [first] = barredAskers
  if (first)
    throw new Refusal(
      'not_allowed',
      `Change #${id} can't be ${done} now: somebody who asks for it may no longer do so (${first.why}). Nothing was ` +
        'done. Its card says who can take it over or cancel it.',
    )
}
