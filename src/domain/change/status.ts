import { same } from '../token/diff.ts'
import { repointed, withoutTargets } from '../token/targets.ts'
import { isOrphaned } from './askers.ts'
import { asideBecause, type Change } from './change.ts'

/** True if a stopped change found the token itself changed, and not only an alias pointing elsewhere. */
export function tokenHasMoved({
  before,
  live,
}: Pick<Extract<Change, { status: 'drifted' }>, 'before' | 'live'>): boolean {
  return repointed(before, live).length === 0 || !same(before, withoutTargets(live))
}

/** Another open change to the same token. `isApplying`: while it is, no other one is applied. */
export type Beside = { readonly id: number; readonly isApplying?: boolean }

/** The wait of an approved change: for its next try, for a key at a restart, for another change, or none. */
export function waitOf<T extends Beside>(
  { interruption }: Extract<Change, { status: 'approved' }>,
  others: readonly T[],
) {
  if (interruption?.untilKey !== undefined) return { for: 'key' } as const
  if (interruption !== null) return { for: 'next try', at: interruption.retryAt } as const
  const first = others.find(({ isApplying }) => isApplying)
  return first === undefined ? null : ({ for: 'other change', other: first } as const)
}

/** The state of a change, as the rest of a sentence that begins with its number. */
export function inWords(change: Change, others: readonly Beside[] = []): string {
  const aside = asideBecause(change)
  if (aside !== null) return `is set aside, because ${aside}`
  switch (change.status) {
    case 'pending':
      return `${isOrphaned(change) ? 'is waiting to be taken over or cancelled' : 'is waiting for approval'}${fromBackup(change)}`
    case 'approved':
      return approvedInWords(waitOf(change, others))
    case 'applying':
      return unseenOf(change) === null ? 'is being applied' : notSeenYet
    case 'applied':
      return change.written ? 'has been applied' : 'has ended, since the token was already set this way'
    case 'failed':
      return 'has failed'
    case 'drifted':
      if (!tokenHasMoved(change)) return 'is stopped, because a branch alias points to another branch now'
      return `is stopped, because the token was changed ${moversInWords(change, change.id)}`
    case 'rejected':
      return 'was rejected'
    case 'cancelled':
      return 'was cancelled'
    case 'expired':
      return 'has expired'
  }
}

/** A warning for approvers, to put after that it waits; empty if there is none. */
export function fromBackup({ putBackAt }: Change): string {
  return putBackAt === undefined ? '' : '; a backup was put back since it was asked for'
}

function approvedInWords(wait: ReturnType<typeof waitOf>): string {
  if (wait === null) return aboutToBeApplied
  return wait.for === 'other change' ? `is approved and waits for #${wait.other.id}${appliedFirst}` : notAppliedYet
}

export const aboutToBeApplied = 'is approved and about to be applied'
/** An update of it may have arrived: no look has shown it yet. */
/**
 * The reason no look shows how an apply ended, and when the token is looked at again: until its lease is over, nobody
 * calls an update lost that the stack said nothing about.
 */
export function unseenOf({ unseen, write, lease }: Extract<Change, { status: 'applying' }>): Unseen | null {
  if (unseen !== undefined) return unseen
  const { answer } = write ?? {}
  return answer?.kind === 'none' || answer?.kind === 'unknown' ? { why: answer.why, lookAt: lease.until } : null
}
type Unseen = { readonly why: string; readonly lookAt: string }

export const notSeenYet = 'is approved and not seen on the token yet'
export const notAppliedYet = 'is approved but not applied yet'
/** Several changes to a token are applied one at a time. */
export const appliedFirst = ', which comes first for the same token'

type Movers = Pick<Extract<Change, { status: 'drifted' }>, 'by' | 'unproven' | 'elsewhere' | 'perhaps' | 'undated'>

/**
 * Who moved the token of the change `id`, as the rest of a sentence. Another change of the app's own was not done
 * elsewhere; for one with an unanswered update, somebody else may have made the same edit.
 */
export function moversInWords(movers: Movers, id: number | null): string {
  const { by = [], unproven = [], elsewhere = true } = movers
  const proven = by.filter((one) => !unproven.includes(one))
  const list = (numbers: readonly number[], itself: string) =>
    numbers.map((one) => (one === id ? itself : `#${one}`)).join(', ')
  const words = [
    ...(proven.length > 0 ? [`by ${list(proven, 'an update of an earlier revision')}`] : []),
    ...(unproven.length > 0 ? [`as ${list(unproven, 'an earlier revision')} asked`] : []),
    ...(elsewhere ? ['elsewhere'] : []),
  ].join(' and ')
  return elsewhere ? `${words}${perhapsInWords(movers, id)}` : words
}

/** Who moved the token of a stopped change; nobody if only an alias points elsewhere. */
export function moversOf(change: Extract<Change, { status: 'drifted' }>): Movers {
  if (!tokenHasMoved(change)) return { elsewhere: false }
  const { by, unproven, elsewhere = true, perhaps, undated } = change
  return {
    ...(by && { by }),
    ...(unproven && { unproven }),
    elsewhere,
    ...(perhaps && { perhaps }),
    ...(undated && { undated }),
  }
}

/** The changes that a revision was rebased over, as the rest of a sentence. */
export function rebasedOver({ over }: NonNullable<Change['rebased']>, id: number): string {
  const movers = moversInWords(over, id)
  return movers === '' ? 'onto the token as it was then' : `onto what had been changed ${movers}`
}

/** Other possible causes, for all that is known. */
function perhapsInWords({ perhaps = [], undated }: Movers, id: number | null): string {
  const others = perhaps.filter((one) => one !== id).map((one) => `#${one}`)
  return [
    ...(others.length > 0 ? [`, or by what was sent for ${others.join(', ')}`] : []),
    ...(id !== null && perhaps.includes(id)
      ? [', or the stack took what was sent only in part or in its own way']
      : []),
    ...(undated ? [', or the stack showed it as it was earlier'] : []),
  ].join('')
}
