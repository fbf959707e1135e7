import { Refusal } from '../refusal.ts'
import { same } from '../token/diff.ts'
import { type Act, evidenceOf, requireAsSeen, requireDecider, requirePending, requireTime, tooLate } from './act.ts'
import { sameAsk } from './ask.ts'
import { reasonAuthor, requireAskers } from './askers.ts'
import { requireDeciders, requireSomething } from './asking.ts'
import type { Change } from './change.ts'
import { amendersWith, asideBecause, askersOf } from './change.ts'
import { type Electorate, needsVoteOf } from './electorate.ts'
import type { ChangeEvent } from './event.ts'
import type { Revised } from './parts.ts'
import { moversOf } from './status.ts'
import { whoCanRebase } from './who-can.ts'

/**
 * The requester, or somebody who may decide on what it asks for by `now`, asks for something else instead: `next` is
 * who may decide on that. Whoever amends a change can no longer decide on it.
 */
export function amend(
  change: Change,
  act: Act,
  revised: Revised,
  { now, next }: { now: Electorate; next: Electorate },
): ChangeEvent {
  const { by, at } = act
  requirePending(change, 'edit', act)
  if (!askersOf(change).includes(by))
    requireDecider(change, by, now, 'edit', 'that is for those who asked for it or may decide on it, and ')
  requireAskers(change, now, 'edited')
  requireSomething(revised)
  requireOther(change, revised)
  requireLeft(change, by, next)
  requireDeciders({ ...change, amenders: amendersWith(change, by) }, next)
  return {
    type: 'amended',
    at,
    by,
    ...asRevised(change, revised, by),
    voids: approversOf(change),
    tells: others(change, by),
  }
}

/** Throws a Refusal for an edit that asks for what the change asks for already. */
export function requireOther(change: Change, revised: Pick<Revised, 'before' | 'after' | 'reason'>): void {
  if (sameAsk(change, revised) && same(change.before, revised.before))
    throw new Refusal('no_changes', `This is what change #${change.id} asks for already. Its approvals stand.`)
}

function requireLeft(change: Change, by: string, next: Electorate): void {
  if (needsVoteOf(change, by, next)) throw voteNeeded(change)
}

/** The refusal for an editor without whose vote nobody could approve it. */
export function voteNeeded(change: Change): Refusal {
  const cant = `You can't edit change #${change.id}: whoever edits it can no longer decide on it, and too few people would be left who can. Nothing was done.`
  return new Refusal('not_allowed', cant, {
    naming: [
      cant,
      ' You can ask ',
      { person: change.requester },
      ' to edit it, or reject it and say what should change.',
    ],
  })
}

/** The same edit over the token as it was found. Any asker may do it, since it needs all approvals again. */
export function rebase(change: Change, act: Act, revised: Revised, electorate: Electorate): ChangeEvent {
  const { by, at } = act
  if (change.status !== 'drifted' || asideBecause(change) !== null) throw tooLate(change, 'rebase')
  requireAsSeen(change, act)
  requireTime(change, 'rebase', act)
  if (!askersOf(change).includes(by))
    throw new Refusal('not_allowed', `Only the person who asked for change #${change.id} can rebase it.`, {
      naming: whoCanRebase(change),
    })
  if (same(revised.before, revised.after))
    throw new Refusal(
      'no_changes',
      `The token is already as change #${change.id} asks: nothing is left to do. Cancel it.`,
    )
  requireDeciders(change, electorate, `Change #${change.id} was not rebased`)
  const over = moversOf(change)
  return {
    type: 'rebased',
    at,
    by,
    ...asRevised(change, revised, by),
    voids: approversOf(change),
    over,
    ...evidenceOf(change, act),
  }
}

/** A reason that stays as it is keeps its author. */
export function asRevised(change: Change, revised: Revised, by: string): Revised {
  const author = revised.reason === change.reason ? reasonAuthor(change) : by
  const shownAt = whenShown(change, revised)
  const { putBackAt } = change
  return {
    ...revised,
    ...(author !== null && { reasonBy: author }),
    ...(shownAt !== null && { shownAt }),
    ...(putBackAt !== undefined && { putBackAt }),
  }
}

/** When the token was seen in the state that the revision is asked against; null if that is only now. */
function whenShown(change: Change, { before }: Pick<Revised, 'before'>): string | null {
  if (change.status === 'drifted' && same(before, change.live)) return change.driftedAt
  return same(before, change.before) ? (change.shownAt ?? change.revisedAt) : null
}

export function others(change: Change, by: string): string[] {
  return askersOf(change).filter((person) => person !== by)
}

export function approversOf({ approvals }: Change): string[] {
  return [...new Set(approvals.map(({ by }) => by))]
}
