import type { Change } from '../change/change.ts'
import type { ChangeEvent } from '../change/event.ts'
import { certainlyLeft, mayStillArrive, type Send } from '../change/write.ts'

/** A change's reason to wait: another change of its token is being applied, or an update may still arrive. */
type Wait = { readonly id: number; readonly send: Send | null }

/**
 * Of several changes to one token, one is applied at a time. Each writes the token as its own look found it, so if two
 * were applied at once, the later would undo the earlier unseen; one after the other, it finds the token moved. For the
 * same reason nothing is written while an update that asked for something else may still arrive, unless it is known to
 * be over. `others`: the token's open changes, and those that ended recently.
 */
export function mustWaitFor(
  change: Change,
  others: readonly Change[],
  at: string,
  isOver?: (send: Send) => boolean,
): Wait | null {
  const underWay = (id: number, sent: Pick<Change, 'sends'>): Wait | null => {
    const send = mayStillArrive(sent, at, isOver)
    return send && { id, send }
  }
  const applying = others.find(({ status }) => status === 'applying')
  if (applying) return { id: applying.id, send: null }
  return underWay(change.id, earlierRevisions(change)) ?? firstOf(others.map((other) => underWay(other.id, other)))
}

/** Its current edit may be sent again: it makes no difference which of the two arrives later. */
function earlierRevisions({ sends = [] }: Change): Pick<Change, 'sends'> {
  return { sends: sends.filter(({ after }) => after !== undefined) }
}

/**
 * The update among those of `others` that holds up anything new to the token for longest, and until when it may arrive;
 * null if there is none.
 */
export function longestAwaited(others: readonly Change[], at: string): Awaited | null {
  const awaited = others.flatMap((other) => {
    const send = mayStillArrive(other, at)
    return send ? [{ id: other.id, until: send.until }] : []
  })
  return awaited.sort((a, b) => (a.until < b.until ? 1 : -1))[0] ?? null
}

export type Awaited = { readonly id: number; readonly until: string }

function firstOf(waits: readonly (Wait | null)[]): Wait | null {
  return waits.find((wait) => wait !== null) ?? null
}

/**
 * Records on the change what it waits for, once; null while another is just being applied, which is soon over.
 * `retryAt`: when the wait is over, if the clock was set meanwhile or may have been.
 */
export function postpone(
  change: Change,
  { id, send }: Wait,
  at: string,
  retryAt: string | undefined = send?.until,
): ChangeEvent | null {
  if (send === null || retryAt === undefined) return null
  if (change.status !== 'approved' || change.interruption?.retryAt === retryAt) return null
  const whose = id === change.id ? 'this change' : `change #${id}`
  const sent = certainlyLeft(send) ? 'was sent' : 'may have been sent'
  const why = `an update of ${whose} ${sent} to this token; its outcome is not known, and it may still arrive`
  return { type: 'apply_postponed', at, why, retryAt }
}
