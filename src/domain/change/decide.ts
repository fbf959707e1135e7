import { NotKnownHere, Refusal } from '../refusal.ts'
import { isBlank } from '../text.ts'
import { same } from '../token/diff.ts'
import { dayOf, whyOver } from '../token/expiry.ts'
import { sameAsk } from './ask.ts'
import { barAskers, isOrphaned, reasonAuthor, requireAskers } from './askers.ts'
import type { Change, ChangeEvent, Lease, Proposal, Proposed, Revised } from './change.ts'
import { asideBecause, askersOf } from './change.ts'
import {
  approvalsMissing,
  approvalsThatCount,
  approvalsThatDoNot,
  canEverBeMet,
  type Electorate,
  namedIn,
  obstacle,
  obstacleToTakeOver,
  quorumMet,
  whoCanStillDecide,
} from './electorate.ts'
import { isDue } from './lease.ts'
import { markOf, sealOf } from './seal.ts'
import { inWords, moversOf } from './status.ts'
import { byTheClock, lifeOf, type MsLeft, nudgeOf, reminderOf } from './term.ts'

/** A decision is a pure function from the stored change to an event, or a refusal. */

/** What somebody had before them. `mark`: of what a button stood beside, empty where it had none; left out where there was no button. */
export type Seen = { readonly revision: number; readonly mark?: string | undefined }

/** `msLeft`: as far as a process knows that ran all the while; what the clock shows, where it is left out. */
export type Act = Seen & {
  readonly by: string
  readonly at: string
  readonly msLeft?: MsLeft
}

export function propose(proposal: Proposal, electorate: Electorate, at: string): Proposed {
  requireSomething(proposal)
  requireDeciders({ ...proposal, amenders: [] }, electorate)
  return { type: 'proposed', at, ...proposal }
}

/** `confirmed`: whether whoever approves typed the token's name. Throws a Refusal when they have to, and did not. */
export function approve(
  change: Change,
  act: Act & { comment: string; confirmed?: boolean },
  electorate: Electorate,
): ChangeEvent {
  const { at, revision, comment, confirmed = false } = act
  const by = namedIn(change, act.by, electorate)
  requireNotYetApproved(change, { ...act, by })
  requirePending(change, 'approve', act)
  requireDecider(change, act.by, electorate, 'approve')
  requireAskers(change, electorate, 'approved')
  requireDayToCome(change, at)
  if (electorate.forbidden !== null)
    throw new Refusal(
      'not_allowed',
      `Nobody can approve change #${change.id} under the current policy: ${electorate.forbidden}`,
    )
  const again = approvalsThatCount(change, electorate).some((approval) => approval.by === by)
  if (again && !quorumMet(change, electorate))
    throw new Refusal('no_changes', `You have approved change #${change.id} already. Your approval stands.`)
  requireConfirmed(change, confirmed, electorate)
  const approval = { by, at, revision, seal: sealOf(change), comment, ...(confirmed && ({ confirmed } as const)) }
  const approvals = [...change.approvals, approval]
  const quorum = quorumMet(change, electorate, approvals)
  const lost = quorum ? [] : approvalsThatDoNot(change, electorate, approvals)
  const isNews = lost.length > 0 || (!quorum && change.lost !== null)
  return { type: 'approved', ...approval, quorum, ...(isNews && { lost }) }
}

/** Slack may deliver a press again, when it has led further by then: whoever approved is told that, and not that they can't. */
function requireNotYetApproved(change: Change, { by, revision }: Act): void {
  const given = change.approvals.some((approval) => approval.by === by && approval.revision === revision)
  const isUndecided = change.status === 'pending' && asideBecause(change) === null && !isOrphaned(change)
  if (given && change.revision === revision && !isUndecided)
    throw new Refusal(
      'no_changes',
      `Change #${change.id} has your approval already, and it ${inWords(change)}. Nothing more was done.`,
    )
}

/** An expiry may pass while it waits, and a token that has expired can't be used until somebody moves it again. */
function requireDayToCome(change: Change, at: string): void {
  const over = whyOver(change, new Date(at))
  if (over === null) return
  throw new Refusal(
    'invalid',
    `You can't approve change #${change.id} any more: it asks for the expiry ${dayOf(change.after.expiresOn)}. ${over} Nothing was ` +
      'approved: edit the change to ask for a later day, or reject it.',
  )
}

function requireConfirmed(change: Change, confirmed: boolean, electorate: Electorate): void {
  if (electorate.confirm && !confirmed)
    throw new Refusal(
      'invalid',
      `Whoever approves change #${change.id} has to type the name of its token, by the policy as it is now. Nothing was ` +
        'approved: press Approve again, and a form asks for it.',
    )
}

export function reject(change: Change, act: Act & { reason: string }, electorate: Electorate): ChangeEvent {
  const { by, at, reason } = act
  requirePending(change, 'reject', act)
  requireDecider(change, by, electorate, 'reject')
  if (isBlank(reason)) throw new Refusal('invalid', 'Say why you reject it: the requester is told.')
  return { type: 'rejected', at, by, reason }
}

/**
 * `seen` is left out where nobody saw a card, as at a terminal. `electorate` is needed of everybody but the requester: those who can
 * take a change over can cancel it as well.
 */
export function cancel(
  change: Change,
  by: string,
  at: string,
  seen: Seen = change,
  electorate: Electorate | null = null,
): ChangeEvent {
  if (by !== change.requester && !(electorate && mayTakeOver(change, by, electorate)))
    throw new Refusal('not_allowed', `Only the person who asked for change #${change.id} can cancel it.`)
  requireCancellable(change, at)
  requireAsSeen(change, seen)
  return { type: 'cancelled', at, by }
}

/** As much as a card has room for beside all that was asked for. */
const longestCancellation = 1000

/** An operator at a terminal withdraws it, whoever asked. `reason` may be empty. */
export function cancelAsOperator(
  change: Change,
  { by, at, reason }: Omit<Act, 'revision'> & { reason: string },
): ChangeEvent {
  requireCancellable(change, at)
  if (reason.length > longestCancellation)
    throw new Refusal(
      'invalid',
      `The reason is too long for the card: at most ${longestCancellation} characters fit. Nothing was done.`,
    )
  const given = reason.trim()
  return { type: 'cancelled', at, by, ...(given !== '' && { reason: given }) }
}

/** One that is being applied only when nobody can find out what came of that, since its stack is no longer configured. */
function requireCancellable(change: Change, at: string): void {
  const { status } = change
  if (status === 'pending' || status === 'approved' || status === 'drifted') return
  if (status !== 'applying' || asideBecause(change) === null) throw tooLate(change, 'cancel')
  if (!isDue(change.lease.until, new Date(at), leaseMs(change)))
    throw new Refusal(
      'wrong_status',
      `You can't cancel change #${change.id} yet: an update of it may be on its way at this moment. Nothing was done; try again in a few minutes.`,
    )
}

/** How long it was when it was taken; leases of the first releases don't say. */
function leaseMs({ lease, startedAt }: Extract<Change, { status: 'applying' }>): number {
  return startedAt === undefined ? Number.POSITIVE_INFINITY : Date.parse(lease.until) - Date.parse(startedAt)
}

/**
 * The requester, or somebody who may decide on what it asks for by `now`, asks for something else instead: `next` is who
 * may decide on that. Whoever amends a change can't decide on it any more.
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
  if (sameAsk(change, revised) && same(change.before, revised.before))
    throw new Refusal('no_changes', `This is what change #${change.id} asks for already. Its approvals stand.`)
  requireDeciders({ ...change, amenders: [...change.amenders, by] }, next)
  return {
    type: 'amended',
    at,
    by,
    ...asRevised(change, revised, by),
    voids: approversOf(change),
    tells: others(change, by),
  }
}

/** The same edit over the token as it was found. Anybody who asked may do it, since it needs all approvals anew. */
export function rebase(change: Change, act: Act, revised: Revised, electorate: Electorate): ChangeEvent {
  const { by, at } = act
  if (change.status !== 'drifted' || asideBecause(change) !== null) throw tooLate(change, 'rebase')
  requireAsSeen(change, act)
  requireTime(change, 'rebase', act)
  if (!askersOf(change).includes(by))
    throw new Refusal('not_allowed', `Only the person who asked for change #${change.id} can rebase it.`)
  if (same(revised.before, revised.after))
    throw new Refusal(
      'no_changes',
      `The token is already as change #${change.id} asks: nothing is left to do. Cancel it.`,
    )
  requireDeciders(change, electorate, `Change #${change.id} was not rebased`)
  const over = moversOf(change)
  return { type: 'rebased', at, by, ...asRevised(change, revised, by), voids: approversOf(change), over }
}

export function claim(change: Change, act: Act, electorate: Electorate): ChangeEvent | null {
  requirePending(change, 'say that you are looking at', act)
  requireDecider(change, act.by, electorate, 'say that you are looking at')
  return change.claimedBy === act.by ? null : { type: 'claimed', at: act.at, by: act.by }
}

/**
 * Once in `everyMs`. `hasCard`: whether one is known, in whose thread it is said. `everybody`: with what stands in the way of
 * whoever is named.
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
    throw new Refusal('not_allowed', `Only the person who asked for change #${change.id} can nudge.`)
  if (everybody !== null) requireSomebody(change, everybody)
  if (!hasCard) throw withoutCard(change)
  requireRested(change, act, leftOf(act)(nudgeOf(change, everyMs)))
  return { type: 'nudged', at: act.at, by: act.by }
}

/** Throws a Refusal where no nudge could bring it the approvals that it lacks. One that waits to be taken over lacks something else. */
function requireSomebody(change: Change, everybody: Electorate): void {
  const { barredAskers, forbidden, demands } = everybody
  if (barredAskers.length > 0) return
  if (forbidden !== null) throw new Refusal('not_allowed', `${forbidden} Nothing was sent.`)
  if (canEverBeMet(change, everybody)) return
  const left = whoCanStillDecide(change, everybody).length === 0 ? 'Nobody is' : 'Too few people are'
  const rules = demands.map(({ rule }) => rule).join(', ')
  throw new Refusal(
    'not_allowed',
    `${left} left who can approve change #${change.id}. Nothing was sent: cancel it, or ask whoever runs Countersign to look at the approvers of this rule: ${rules}`,
  )
}

function withoutCard({ id }: Change): Refusal {
  return new Refusal(
    'unavailable',
    `Change #${id} has no card yet that Countersign knows of, so there is no thread to nudge the approvers in, and they may not have been ` +
      'told of it. Nothing was sent. Posting it is tried again by itself. Approvers can decide on App Home: ask them yourself, and tell ' +
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

/** Says what is on record: whether a message arrived and was read is not. */
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

/**
 * The one door to the stack's update. It opens only to a quorum of distinct people who approved exactly this, may decide
 * now, and had no hand in asking; if they are no longer enough, the change waits for approvals again, as it waits to be taken
 * over when somebody who asks for it may not ask any more. Null while it is set aside, and when the electorate was looked up
 * for something else than what the change is by now: look again.
 */
export function startApply(
  change: Change,
  electorate: Electorate,
  lease: Lease,
  at: string,
  msLeft = byTheClock(at),
): ChangeEvent | null {
  if (change.status !== 'approved') throw tooLate(change, 'apply')
  const over = expire(change, at, msLeft)
  if (over) return over
  if (electorate.seal !== sealOf(change) || asideBecause(change) !== null) return null
  const orphaned = barAskers(change, electorate, at)
  if (orphaned) return orphaned
  if (quorumMet(change, electorate)) return { type: 'apply_started', at, lease, seal: sealOf(change) }
  const why =
    electorate.forbidden ?? `${approvalsMissing(change, electorate)} more must approve under the current policy`
  return { type: 'quorum_lost', at, lost: approvalsThatDoNot(change, electorate), why }
}

/** Tells of a change that went through the door whether it would again. A look may take long, and people leave meanwhile. */
export function isAllowedStill(change: Change, electorate: Electorate): boolean {
  return electorate.seal === sealOf(change) && electorate.barredAskers.length === 0 && quorumMet(change, electorate)
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

/** When the token was seen as the revision is asked against; null where that is only now. */
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

function requireSomething({ before, after, reason }: Pick<Proposal, 'before' | 'after' | 'reason'>): void {
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
    throw new Refusal(
      'not_allowed',
      `Too few people besides those who ask may approve this, so nobody could ever approve it. ${undone}; ask ` +
        'whoever runs Countersign to look at the approvers of this rule: ' +
        electorate.demands.map(({ rule }) => rule).join(', '),
    )
}

function requirePending(change: Change, attempted: string, act: Act): void {
  if (change.status !== 'pending' || asideBecause(change) !== null) throw tooLate(change, attempted)
  requireAsSeen(change, act)
  requireTime(change, attempted, act)
}

/** Its time can be over before anybody has noted down that it expired. */
export function requireTime(change: Change, attempted: string, act: Pick<Act, 'at' | 'msLeft'>): void {
  if (leftOf(act)(lifeOf(change)) <= 0)
    throw new Refusal(
      'wrong_status',
      `You can't ${attempted} change #${change.id} any more: its time is over. Nothing was done.`,
    )
}

function leftOf({ at, msLeft = byTheClock(at) }: Pick<Act, 'at' | 'msLeft'>): MsLeft {
  return msLeft
}

/** Throws a Refusal for somebody who had another revision before them, or another change of the same number. */
export function requireAsSeen(change: Change, { revision, mark }: Seen): void {
  if (change.revision !== revision)
    throw new Refusal(
      'wrong_status',
      `Change #${change.id} has been edited since this card was drawn: it is revision ${change.revision} now, and ${inWords(change)}. Read it again first.`,
    )
  if (mark !== undefined && mark !== markOf(change))
    throw new NotKnownHere(
      'wrong_status',
      `What you have before you is not what is stored as change #${change.id}. That can come of a backup that was put back, of another database, or of an update of Countersign. Nothing was done. Open the change anew, and read it again first.`,
    )
}

/** `unless`: who else may. */
function requireDecider(change: Change, person: string, electorate: Electorate, attempted: string, unless = ''): void {
  const why = obstacle(change, person, electorate)
  if (why !== null)
    throw new Refusal('not_allowed', `You can't ${attempted} change #${change.id}: ${unless}${why}. Nothing was done.`)
}

function mayTakeOver(change: Change, by: string, electorate: Electorate): boolean {
  return electorate.barredAskers.length > 0 && obstacleToTakeOver(change, by, electorate) === null
}

export function tooLate(change: Change, attempted: string): Refusal {
  return new Refusal(
    'wrong_status',
    `You can't ${attempted} change #${change.id} now: it ${inWords(change)}. Nothing was done.`,
  )
}
