import type { Change, ChangeEvent, Lease } from './change.ts'
import { diff, type FieldChange, same } from './diff.ts'
import type { Settings } from './token.ts'

/** What is known of the write when the token is looked at again. `none`: nothing was sent, or nobody remembers. */
export type WriteSeen =
  | { readonly kind: 'none' | 'taken' }
  | { readonly kind: 'refused' | 'busy' | 'unknown'; readonly why: string }

/** `lease` is the one that was in force when the look began: a newer one means that this look is out of date. */
type Look = { live: Settings; write: WriteSeen; lease: Lease; at: Date }

/**
 * Judges an apply by the token as it is now, since an answer proves nothing by itself. Returns null while that can't be
 * judged: the write may still be travelling, so nobody may call it lost before the lease is over.
 */
export function settle(change: Change, { live, write, lease, at }: Look): ChangeEvent | null {
  if (change.status !== 'applying' || !sameLease(change.lease, lease)) return null
  const now = at.toISOString()
  const leaseOver = now >= change.lease.until
  // An earlier try that was given up may have arrived since: nobody can say any more that nothing was written.
  const mayHaveWritten = write.kind !== 'none' || leaseOver || change.interruptions > 0
  if (same(live, change.after)) return { type: 'applied', at: now, written: mayHaveWritten }
  if (write.kind === 'refused') return { type: 'apply_refused', at: now, why: write.why }
  if (write.kind === 'taken' && movedOnlyAsAsked(change, live))
    return { type: 'apply_refused', at: now, why: keptInWords(diff(live, change.after)) }
  if (!same(live, change.before)) return { type: 'drift_found', at: now, live }
  if (write.kind === 'busy') return interrupted(change, write.why, at)
  return leaseOver ? interrupted(change, 'the write did not arrive', at) : null
}

/**
 * What a look at the token means for a change that still waits for approvals: null when it is as it was. A look that `began`
 * before the change came to be what it is may show the token as it was earlier still, and means nothing.
 */
export function noticeDrift(change: Change, live: Settings, { began, at }: Seen): ChangeEvent | null {
  if (change.status !== 'pending' || began < change.revisedAt) return null
  return same(live, change.before) ? null : { type: 'drift_found', at, live }
}

type Seen = { readonly began: string; readonly at: string }

/** Whether the token may be written: it is still as the requester saw it. */
export function mayWrite(change: Change, live: Settings): boolean {
  return same(live, change.before)
}

/** Every field of `live` is as it was or as it was asked for: the stack took some of the fields, and nobody else moved any. */
function movedOnlyAsAsked(change: Change, live: Settings): boolean {
  const asked = new Set(diff(change.before, change.after).map((field) => field.key))
  const wanted = new Set(diff(live, change.after).map((field) => field.key))
  return diff(change.before, live).every((field) => asked.has(field.key) && !wanted.has(field.key))
}

function keptInWords(kept: FieldChange[]): string {
  const fields = kept.map(({ key, label, before }) =>
    key === 'rateLimits'
      ? `${label} (still ${before}: custom limits are a plan feature, which this organisation may not have)`
      : `${label} (still ${before})`,
  )
  return `the stack answered that it took the update, but kept the old value of ${fields.join(', ')}`
}

const backoffSeconds = [10, 30, 60, 300]

/** The apply ended before anything was sent, for a reason that may pass: it is tried again later. */
export function interrupt(
  change: Change,
  { why, lease, at }: { why: string; lease: Lease; at: Date },
): ChangeEvent | null {
  return change.status === 'applying' && sameLease(change.lease, lease) ? interrupted(change, why, at) : null
}

/** The stack says no for good before anything was sent, or has no token left to judge by. */
export function refuse(
  change: Change,
  { why, lease, at }: { why: string; lease: Lease; at: Date },
): ChangeEvent | null {
  const mine = change.status === 'applying' && sameLease(change.lease, lease)
  return mine ? { type: 'apply_refused', at: at.toISOString(), why } : null
}

function sameLease(a: Lease, b: Lease): boolean {
  return a.holder === b.holder && a.until === b.until
}

function interrupted(change: Change, why: string, at: Date): ChangeEvent {
  const before = 'interruptions' in change ? change.interruptions : 0
  const wait = backoffSeconds[Math.min(before, backoffSeconds.length - 1)]!
  const retryAt = new Date(at.getTime() + wait * 1000).toISOString()
  return { type: 'apply_interrupted', at: at.toISOString(), why, retryAt }
}
