import { isOrphaned } from './askers.ts'
import { asideBecause, type Change } from './change.ts'
import { same } from './diff.ts'
import { fateOf } from './in-force.ts'
import { repointed, withoutTargets } from './targets.ts'

/** Whether a stopped change found the token itself changed, and not only that an alias points elsewhere. */
export function tokenHasMoved({
  before,
  live,
}: Pick<Extract<Change, { status: 'drifted' }>, 'before' | 'live'>): boolean {
  return repointed(before, live).length === 0 || !same(before, withoutTargets(live))
}

/** Where a change stands, as the rest of a sentence that begins with its number. */
export function inWords(change: Change): string {
  const aside = asideBecause(change)
  if (aside !== null) return `is set aside, because ${aside}`
  switch (change.status) {
    case 'pending':
      return isOrphaned(change) ? 'is waiting to be taken over or cancelled' : 'is waiting for approval'
    case 'approved':
      return 'is approved and about to be applied'
    case 'applying':
      return 'is being applied'
    case 'applied':
      return change.written ? 'has been applied' : 'has ended, since the token was found as asked for'
    case 'failed':
      return 'has failed'
    case 'drifted':
      if (!tokenHasMoved(change)) return 'is stopped, because a branch alias points to another branch now'
      return `is stopped, because the token was changed ${moversInWords(change, change.id)}${
        change.elsewhere !== false && mayBeOwnWriting(change) ? orOwnWriting : ''
      }`
    case 'rejected':
      return 'was rejected'
    case 'cancelled':
      return 'was cancelled'
    case 'expired':
      return 'has expired'
  }
}

/** Of a stopped change, that a field which an update of it may have brought is neither as it was nor as asked for. */
export function mayBeOwnWriting(change: Extract<Change, { status: 'drifted' }>): boolean {
  return (change.sends ?? []).length > 0 && fateOf(change, change.live).neither.length > 0
}

export const orOwnWriting = ', or the stack keeps what was sent in its own way'

type Movers = Pick<Extract<Change, { status: 'drifted' }>, 'by' | 'unproven' | 'elsewhere' | 'undated'>

/**
 * Whose doing it was that the token of the change `id` moved, as the rest of a sentence. Another change of the app's own is
 * nothing that was done elsewhere; one whose update no answer told of may have been made so by somebody else.
 */
export function moversInWords(movers: Movers, id: number | null): string {
  const { by = [], unproven = [], elsewhere = true, undated = false } = movers
  const proven = by.filter((one) => !unproven.includes(one))
  const list = (numbers: readonly number[], itself: string) =>
    numbers.map((one) => (one === id ? itself : `#${one}`)).join(', ')
  const words = [
    ...(proven.length > 0 ? [`by ${list(proven, 'an update of an earlier revision')}`] : []),
    ...(unproven.length > 0 ? [`as ${list(unproven, 'an earlier revision')} asked`] : []),
    ...(elsewhere ? ['elsewhere'] : []),
  ].join(' and ')
  return elsewhere && undated ? `${words}, or the stack showed it as it was earlier` : words
}
