import { type Naming, NotKnownHere, Refusal } from '../refusal.ts'
import { asideBecause, askersOf, type Change } from './change.ts'
import { type Electorate, idIn, notNamed, obstacle } from './electorate.ts'
import type { Pressed, Where } from './pressed.ts'
import { markOf, sealOf } from './seal.ts'
import { inWords } from './status.ts'
import { byTheClock, lifeOf, type MsLeft } from './term.ts'
import { decidersOf, insteadOfDeciding, mentions } from './who-can.ts'

/** The view that somebody acted on. `mark`: what its button carried, empty if nothing; left out without a button. */
export type Seen = {
  readonly revision: number
  readonly mark?: string | undefined
  /** Left out if there was none, as at a terminal. */
  readonly where?: Where | undefined
}

/** `msLeft`: as far as a process knows that ran all the while; by the clock, if it is left out. */
export type Act = Seen & {
  readonly by: string
  readonly at: string
  readonly msLeft?: MsLeft
}

export function requirePending(change: Change, attempted: string, act: Act): void {
  if (change.status !== 'pending' || asideBecause(change) !== null) throw tooLate(change, attempted)
  requireAsSeen(change, act)
  requireTime(change, attempted, act)
}

/** Its time can be over before its expiry has been noted. */
export function requireTime(change: Change, attempted: string, act: Pick<Act, 'at' | 'msLeft'>): void {
  if (leftOf(act)(lifeOf(change)) <= 0)
    throw new Refusal(
      'wrong_status',
      `You can no longer ${attempted} change #${change.id}: its time has run out. Nothing was done.`,
    )
}

export function leftOf({ at, msLeft = byTheClock(at) }: Pick<Act, 'at' | 'msLeft'>): MsLeft {
  return msLeft
}

/** Throws a Refusal for somebody who saw another revision, or another change of the same number. */
export function requireAsSeen(change: Change, { revision, mark }: Seen): void {
  if (change.revision !== revision)
    throw new Refusal(
      'wrong_status',
      `Change #${change.id} has been edited since this card was drawn: it is revision ${change.revision} now, and ${inWords(change)}. Read it again first.`,
    )
  if (mark !== undefined && mark !== markOf(change))
    throw new NotKnownHere(
      'wrong_status',
      `What you see is not what is stored as change #${change.id}. Perhaps a backup was put back, another database is in use, or Countersign was updated. Nothing was done. Open the change again and read it first.`,
    )
}

/** `unless`: who else may. */
export function requireDecider(
  change: Change,
  person: string,
  electorate: Electorate,
  attempted: string,
  unless = '',
): void {
  const why = obstacle(change, person, electorate)
  if (why === null) return
  const cant = `You can't ${attempted} change #${change.id}: ${unless}${why}`
  const known = idIn(electorate)
  const by = askersOf(change).find((asker) => known(asker) === known(person)) ?? person
  const naming: Naming = [cant, ...namesAfter(change, why), ' ', ...insteadOfDeciding(change, by, attempted)]
  throw new Refusal('not_allowed', `${cant}. Nothing was done.`, { naming })
}

/** Ends the sentence that says why somebody may not decide, with those whom the rule names. */
function namesAfter(change: Change, why: string): Naming {
  const names = mentions(decidersOf(change))
  if (names.length === 0) return ['. Nothing was done.']
  if (why === notNamed) return [' (', ...names, '). Nothing was done.']
  return ['. Nothing was done. Its rule names ', ...names, '.']
}

export function tooLate(change: Change, attempted: string): Refusal {
  return new Refusal(
    'wrong_status',
    `You can't ${attempted} change #${change.id} now: it ${inWords(change)}. Nothing was done.`,
  )
}

/** The evidence that a decision leaves in the log. Whoever decided saw this revision: see `requireAsSeen`. */
export function evidenceOf(change: Change, { where }: Seen): { readonly pressed?: Pressed } {
  return where === undefined ? {} : { pressed: { ...where, revision: change.revision, seal: sealOf(change) } }
}
