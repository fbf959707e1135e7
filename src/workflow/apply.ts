import type { Change, Lease } from '../domain/change.ts'
import { startApply } from '../domain/decide.ts'
import { Refusal } from '../domain/refusal.ts'
import { interrupt, mayWrite, refuse, settle, type WriteSeen } from '../domain/settle.ts'
import type { LiveToken, StackApi, Store } from '../ports.ts'
import type { Electorates } from './electorates.ts'
import type { OnLook } from './looks.ts'

type Deps = {
  store: Store
  stackFor: (name: string) => StackApi
  electorates: Electorates
  now: () => Date
  /** Told of the token as it is once a change has been applied to it, or was not. */
  onLook: OnLook
  /** Names this process in a lease. */
  processId: string
  timing: Timing
}

/** In milliseconds. The lease must outlast the write: until it is over, nobody calls a write lost or repeats it. */
export type Timing = { writeTimeout: number; lease: number }

type Look = { readonly began: string; readonly seen: LiveToken }

export type Applier = ReturnType<typeof createApplier>

const app = 'app'

/** The only code that writes to a stack: look, write, look, under a recorded lease. */
export function createApplier({ store, stackFor, electorates, onLook, now, processId, timing }: Deps) {
  return { apply, judge }

  /** Writes an approved change to its stack, unless the token is no longer as the requester saw it. */
  async function apply(id: number): Promise<void> {
    const lease: Lease = { holder: processId, until: new Date(now().getTime() + timing.lease).toISOString() }
    const electorate = await electorates.forChange((await store.get(id)).change)
    const change = await store.record(id, app, (stored) => startApply(stored, electorate, lease, now().toISOString()))
    if (change.status !== 'applying') return
    const live = await lookBeforeWriting(change, lease)
    if (!live) return
    if (!mayWrite(change, live.seen.settings)) return settleBy(change, lease, live, { kind: 'none' })
    if (!timeToWrite(lease)) return interruptFor(change, lease, 'looking at the token took too long')
    const answer = await stackFor(change.stack).update(live.seen, change.after)
    await settleBy(change, lease, await look(change), answer)
  }

  /** Finds out what became of an apply whose lease is over, as after a crash: by looking, never by writing again. */
  async function judge(change: Extract<Change, { status: 'applying' }>): Promise<void> {
    const { id, lease } = change
    const live = await look(change).catch((error: unknown) => {
      if (isGone(error)) return null
      throw error
    })
    if (live) return settleBy(change, lease, live, { kind: 'none' })
    const why = 'the token is gone from the stack, so nobody can tell any more whether the update reached it'
    await store.record(id, app, (stored) => refuse(stored, { why, lease, at: now() }))
  }

  /** What was seen is remembered as well, so that the next form opens with the token as it is by now. */
  async function settleBy(
    change: Change,
    lease: Lease,
    { began, seen: { raw: _, ...seen } }: Look,
    write: WriteSeen,
  ): Promise<void> {
    const { settings: live } = seen
    await store.record(change.id, app, (stored) => settle(stored, { live, write, lease, at: now() }))
    await store.rememberToken(seen, began)
    await onLook([seen], began)
  }

  /** Nothing has been sent yet, so whatever goes wrong here is known to have changed nothing. */
  async function lookBeforeWriting(change: Change, lease: Lease): Promise<Look | null> {
    try {
      return await look(change)
    } catch (error) {
      const why = error instanceof Error ? error.message : String(error)
      if (isGone(error)) await store.record(change.id, app, (stored) => refuse(stored, { why, lease, at: now() }))
      else await interruptFor(change, lease, why)
      return null
    }
  }

  async function interruptFor(change: Change, lease: Lease, why: string): Promise<void> {
    await store.record(change.id, app, (stored) => interrupt(stored, { why, lease, at: now() }))
  }

  async function look(change: Change): Promise<Look> {
    const began = now().toISOString()
    return { began, seen: await stackFor(change.stack).token(change.tokenUid) }
  }

  function timeToWrite(lease: Lease): boolean {
    return now().getTime() + timing.writeTimeout < Date.parse(lease.until)
  }
}

function isGone(error: unknown): boolean {
  return error instanceof Refusal && error.code === 'not_found'
}
