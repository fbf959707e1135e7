import { Refusal } from '../refusal.ts'
import { type Act, evidenceOf, leftOf, requirePending } from './act.ts'
import type { Change } from './change.ts'
import { asideBecause, askersOf } from './change.ts'
import { canEverBeMet, type Electorate, obstacle, whoCanStillDecide } from './electorate.ts'
import type { ChangeEvent } from './event.ts'
import { byTheClock, lifeOf, nudgeOf, reminderOf } from './term.ts'
import { whoCanNudge } from './who-can.ts'

/**
 * Once in `everyMs`. `hasCard`: true if there is a known card, in whose thread to say it. `everybody`: with what stops
 * each person who is named.
 */
export function nudge(
  change: Change,
  act: Act,
  everyMs: number,
  hasCard = true,
  everybody: Electorate | null = null,
): ChangeEvent {
  requirePending(change, 'nudge about', act)
  if (!askersOf(change).includes(act.by))
    throw new Refusal('not_allowed', `Only the person who asked for change #${change.id} can nudge its approvers.`, {
      naming: whoCanNudge(change, everybody !== null && obstacle(change, act.by, everybody) === null),
    })
  if (everybody !== null) requireSomebody(change, everybody)
  if (!hasCard) throw withoutCard(change)
  requireRested(change, act, leftOf(act)(nudgeOf(change, everyMs)))
  return { type: 'nudged', at: act.at, by: act.by, ...evidenceOf(change, act) }
}

/** Throws a Refusal if no nudge could get the missing approvals; not for a change that waits to be taken over. */
function requireSomebody(change: Change, everybody: Electorate): void {
  const { barredAskers, forbidden, demands } = everybody
  if (barredAskers.length > 0) return
  if (forbidden !== null) throw new Refusal('not_allowed', `${forbidden} Nothing was sent.`)
  if (canEverBeMet(change, everybody)) return
  const left = whoCanStillDecide(change, everybody).length === 0 ? 'Nobody is' : 'Too few people are'
  const rules = demands.map(({ rule }) => rule).join(', ')
  throw new Refusal(
    'not_allowed',
    `${left} left who can approve change #${change.id}. Nothing was sent: cancel it, or ask whoever runs Countersign to look at the approvers of this rule: ${rules}.`,
  )
}

function withoutCard({ id }: Change): Refusal {
  return new Refusal(
    'unavailable',
    `Change #${id} has no card yet, as far as Countersign knows, so there is no thread to nudge the approvers in, and they may not have been ` +
      'told of it. Nothing was sent. Countersign keeps trying to post the card. Approvers can decide on App Home: ask them yourself, and tell ' +
      'whoever runs Countersign.',
  )
}

function requireRested(change: Change, { at }: Act, ms: number): void {
  const minutes = Math.ceil(ms / 60_000)
  if (minutes <= 0) return
  const tooSoon = lately(change)
  const from = new Date(Math.ceil((Date.parse(at) + ms) / 60_000) * 60_000).toISOString()
  throw new Refusal(
    'wrong_status',
    `${tooSoon} in ${minutes} ${minutes === 1 ? 'minute' : 'minutes'}. Nothing was sent.`,
    {
      noted: `${tooSoon} later. Nothing was sent.`,
      later: [`${tooSoon} from `, { at: from }, '. Nothing was sent.'],
    },
  )
}

/** Says what is on record, which does not include that a message arrived and was read. */
function lately({ id, nudgedAt, revision }: Change): string {
  const what = revision > 1 ? 'revised' : 'asked for'
  return nudgedAt === null
    ? `Change #${id} was ${what} recently: you can nudge`
    : `Somebody nudged about change #${id} recently: nudge again`
}

/** Null until its time is over. Silence never approves. */
export function expire(change: Change, at: string, msLeft = byTheClock(at)): ChangeEvent | null {
  const waits = change.status === 'pending' || change.status === 'approved' || change.status === 'drifted'
  return waits && msLeft(lifeOf(change)) <= 0 ? { type: 'expired', at } : null
}

/** Null until a reminder is due. Each waits twice as long as the one before. */
export function remind(change: Change, firstAfterMs: number, at: string, msLeft = byTheClock(at)): ChangeEvent | null {
  if (change.status !== 'pending' || asideBecause(change) !== null) return null
  if (msLeft(reminderOf(change, firstAfterMs)) > 0) return null
  const next = Date.parse(at) + firstAfterMs * 2 ** (change.reminders + 1)
  return { type: 'reminded', at, remindAt: new Date(next).toISOString() }
}
