import type { Change, Lease } from '../domain/change.ts'
import { mustWaitForOthers, startApply } from '../domain/decide.ts'
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
  /** Told once of a change that failed since the log does not bear it out, and of what was found there. */
  onDoubt: (change: number, found: string) => void
  /** Names this process in a lease. */
  processId: string
  timing: Timing
}

/** In milliseconds. The lease must outlast the write: until it is over, nobody calls a write lost or repeats it. */
export type Timing = { writeTimeout: number; lease: number }

export type Applier = ReturnType<typeof createApplier>

const app = 'app'

type Look = { readonly live: LiveToken; readonly began: string }

/** The only code that writes to a stack: look, write, look, under a recorded lease. */
export function createApplier({ store, stackFor, electorates, onLook, onDoubt, now, processId, timing }: Deps) {
  return { apply, judge }

  /** Writes an approved change to its stack, unless the token is no longer as the requester saw it. */
  async function apply(id: number): Promise<void> {
    const lease: Lease = { holder: processId, until: new Date(now().getTime() + timing.lease).toISOString() }
    const electorate = await electorates.forChange((await store.get(id)).change)
    const change = await store.record(id, app, (stored, beside) =>
      mustWaitForOthers(beside()) ? null : startApply(stored, electorate, lease, now().toISOString()),
    )
    if (change.status !== 'applying') return
    if (await isInDoubt(change, lease)) return
    const seen = await lookBeforeWriting(change, lease)
    if (!seen) return
    if (!mayWrite(change, seen.live.settings)) return settleBy(change, lease, seen, { kind: 'none' })
    if (!timeToWrite(lease)) return interruptFor(change, lease, 'looking at the token took too long')
    const answer = await stackFor(change.stack).update(seen.live, change.after)
    await settleBy(change, lease, await look(change), answer)
  }

  /** Nothing is written for a change that the log does not bear out: somebody may have made it up in the database. */
  async function isInDoubt(change: Change, lease: Lease): Promise<boolean> {
    const doubt = await store.doubt(change)
    if (doubt === null) return false
    const why = `the audit log does not bear out this change (${doubt}). Nothing was sent to the stack: whoever runs Countersign should verify the log, and then it can be asked for again`
    await store.record(change.id, app, (stored) => refuse(stored, { why, lease, at: now() }))
    onDoubt(change.id, doubt)
    return true
  }

  /** Finds out what became of an apply whose lease is over, as after a crash: by looking, never by writing again. */
  async function judge(change: Extract<Change, { status: 'applying' }>): Promise<void> {
    const { id, lease } = change
    const seen = await look(change).catch((error: unknown) => {
      if (isGone(error)) return null
      throw error
    })
    if (seen) return settleBy(change, lease, seen, { kind: 'none' })
    const why = 'the token is gone from the stack, so nobody can tell any more whether the update reached it'
    await store.record(id, app, (stored) => refuse(stored, { why, lease, at: now() }))
  }

  /**
   * What was seen is remembered as well, so that the next form opens with the token as it is by now: first, while the change
   * is still being applied, so that whatever it wrote is not taken for an edit made elsewhere.
   */
  async function settleBy(change: Change, lease: Lease, { live, began }: Look, write: WriteSeen): Promise<void> {
    const { raw: _, ...token } = live
    const { settings } = token
    await store.rememberToken(token, began)
    await store.record(change.id, app, (stored) => settle(stored, { live: settings, write, lease, at: now() }))
    await onLook([token], began)
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

  async function look({ stack, tokenUid }: Change): Promise<Look> {
    const began = now().toISOString()
    return { began, live: await stackFor(stack).token(tokenUid) }
  }

  function timeToWrite(lease: Lease): boolean {
    return now().getTime() + timing.writeTimeout < Date.parse(lease.until)
  }
}

function isGone(error: unknown): boolean {
  return error instanceof Refusal && error.code === 'not_found'
}
