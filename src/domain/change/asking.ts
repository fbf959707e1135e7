import { Refusal } from '../refusal.ts'
import { isBlank } from '../text.ts'
import { same } from '../token/diff.ts'
import type { Change } from './change.ts'
import { canEverBeMet, type Electorate } from './electorate.ts'
import type { Proposed } from './event.ts'
import type { Proposal } from './parts.ts'

export function propose(proposal: Proposal, electorate: Electorate, at: string): Proposed {
  requireSomething(proposal)
  requireDeciders({ ...proposal, amenders: [] }, electorate)
  return { type: 'proposed', at, ...proposal }
}

export function requireSomething({ before, after, reason }: Pick<Proposal, 'before' | 'after' | 'reason'>): void {
  if (same(before, after))
    throw new Refusal('no_changes', 'Nothing would change: the token is already as the form says. Nothing was sent.')
  if (isBlank(reason)) throw new Refusal('invalid', 'A change needs a reason. Nothing was sent.')
}

export function requireDeciders(
  change: Pick<Change, 'requester' | 'amenders' | 'takenOver'>,
  electorate: Electorate,
  undone = 'Nothing was sent',
): void {
  if (electorate.forbidden !== null) throw new Refusal('not_allowed', `${electorate.forbidden} ${undone}.`)
  if (!canEverBeMet(change, electorate))
    throw new TooFewDeciders(
      `Too few people besides those who ask may approve this, so nobody could ever approve it. ${undone}; ask ` +
        'whoever runs Countersign to look at the approvers of this rule: ' +
        `${electorate.demands.map(({ rule }) => rule).join(', ')}.`,
    )
}

/** Nobody could approve it: too few people are left besides those who ask. */
export class TooFewDeciders extends Refusal {
  constructor(message: string) {
    super('not_allowed', message)
  }
}
