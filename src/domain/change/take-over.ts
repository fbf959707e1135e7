import { type Naming, Refusal } from '../refusal.ts'
import { type Act, evidenceOf, requireAsSeen, requireTime, tooLate } from './act.ts'
import { requireDeciders, TooFewDeciders } from './asking.ts'
import { askersOf, type Change } from './change.ts'
import { type Electorate, obstacleToTakeOver } from './electorate.ts'
import type { ChangeEvent } from './event.ts'
import type { Revised } from './parts.ts'
import { approversOf, asRevised, others } from './revising.ts'
import { mentions } from './who-can.ts'

/**
 * Somebody asks for the very same instead of those who may no longer ask: one who may decide on it, and then no longer
 * can, or one who already asks for it. It needs approvals again. `next` is who may decide on it then.
 */
export function takeOver(
  change: Change,
  act: Act,
  revised: Revised,
  { now, next }: { now: Electorate; next: Electorate },
): ChangeEvent {
  const { by, at } = act
  requireOrphaned(change, act, now)
  requireAsSeen(change, act)
  requireTime(change, 'take over', act)
  const from = now.barredAskers.map((barred) => barred.by)
  requireDeciders({ ...change, amenders: [...change.amenders, by] }, next, `Change #${change.id} was not taken over`)
  const [voids, tells] = [approversOf(change), others(change, by)]
  return {
    type: 'taken_over',
    at,
    by,
    from,
    ...asRevised(change, revised, by),
    voids,
    tells,
    ...evidenceOf(change, act),
  }
}

/** Throws a Refusal for a change that nobody has to take over, and for somebody who may not. */
export function requireOrphaned(change: Change, { by }: Pick<Act, 'by'>, electorate: Electorate): void {
  if (change.status !== 'pending' && change.status !== 'drifted') throw tooLate(change, 'take over')
  if (electorate.barredAskers.length === 0)
    throw new Refusal(
      'wrong_status',
      `Change #${change.id} does not need to be taken over: everybody who asks for it still may. Nothing was done.`,
    )
  const why = obstacleToTakeOver(change, by, electorate)
  if (why !== null)
    throw new Refusal('not_allowed', `You can't take over change #${change.id}: ${why}. Nothing was done.`)
}

/** The same refusal, with those who can take it over; `heirs` is null if that could not be told. */
export function sayingWhoCan(refused: Refusal, change: Change, by: string, heirs: readonly string[] | null): Refusal {
  const { code, message, noted } = refused
  if (heirs === null) return refused
  const mayApproveThen = refused instanceof TooFewDeciders && !askersOf(change).includes(by)
  const why = refused instanceof TooFewDeciders ? tooFewLeft(change) : message
  return new Refusal(code, message, { noted, naming: [`${why} `, ...whoCan(change, heirs, mayApproveThen)] })
}

function whoCan({ status }: Change, heirs: readonly string[], mayApproveThen: boolean): Naming {
  if (heirs.length > 0)
    return [...mentions(heirs), ' can take it over', mayApproveThen ? ', and then you may approve it.' : '.']
  return [
    `Nobody can take it over: ${status === 'pending' ? 'it can only be rejected or cancelled' : 'it can only be cancelled'}.`,
  ]
}

function tooFewLeft({ id }: Change): string {
  return `You can't take over change #${id}: too few people would be left to approve it, since whoever takes it over can't. Nothing was done.`
}
