import { untilKeyIsGiven } from '../../domain/audit/missing-keys.ts'
import { postponeSincePutBack } from '../../domain/audit/put-back.ts'
import { isAllowedStill, startApply } from '../../domain/change/applying.ts'
import type { Change } from '../../domain/change/change.ts'
import type { Electorate } from '../../domain/change/electorate.ts'
import { isDue } from '../../domain/change/lease.ts'
import type { Lease } from '../../domain/change/parts.ts'
import type { MsLeft } from '../../domain/change/term.ts'
import type { Answer, Send } from '../../domain/change/write.ts'
import { lookAt } from '../../domain/looks/drift.ts'
import { goneUnwritten, isGone, missing, TokenMissing, whyGone } from '../../domain/looks/gone.ts'
import { asFarAsKnown } from '../../domain/looks/governed.ts'
import { mustWaitFor, postpone } from '../../domain/looks/same-token.ts'
import {
  beforeWriting,
  interrupt,
  longestWaitMs,
  noteAnswer,
  refuse,
  settle,
  shortestWaitMs,
  turnDownUnlooked,
  unlooked,
} from '../../domain/looks/settle.ts'
import { inWords, isOwn } from '../../domain/outside-trouble.ts'
import { dayOf, whyOver } from '../../domain/token/expiry.ts'
import { aliasesUnknown, aliasInWords, lostAliases, type Pointing, whyUntold } from '../../domain/token/targets.ts'
import type { StackFacts } from '../../domain/token/token.ts'
import type { ChangeReads, ChangeWrites } from '../../ports/changes.ts'
import type { LogReads } from '../../ports/log.ts'
import type { LookReads, LookWrites } from '../../ports/looks.ts'
import type { LiveToken, StackApi, WriteAnswer } from '../../ports/stack.ts'
import { createSteadyClock } from '../../steady-clock.ts'
import { among } from '../among.ts'
import type { Electorates } from '../changes/electorates.ts'
import type { OnLook } from '../looks/looks.ts'
import { asChangeSees, asFound } from '../targets.ts'
import { type Came, createAnswers } from './answers.ts'
import { createWaits } from './waits.ts'

type Deps = {
  store: ChangeReads & ChangeWrites & LookReads & LookWrites & LogReads
  stackFor: (name: string) => StackApi
  electorates: Electorates
  /** Reads where a stack's aliases point, seen within the last minute. */
  factsOfLate: (stack: string) => Promise<StackFacts>
  now: () => Date
  /** Milliseconds that pass, whatever is done to the clock. */
  monotonic: () => number
  /** How long a wait of a change still lasts, by `monotonic`. */
  msLeft: MsLeft
  /** Called with the token as it is once a change has been applied to it, or was not. */
  onLook: OnLook
  /** Called once for a change that failed because the log does not bear it out, with what was found there. */
  onDoubt: (change: number, found: string) => void
  /** Called with an answer that will never be in the log: another process judged by looks before it could be noted. */
  onUnnoted: (change: number, answer: Answer) => void
  /** The name of this process in a lease. */
  processId: string
  timing: Timing
}

/**
 * In milliseconds. The lease must outlast the write: until it is over, nobody calls a write lost or repeats it.
 * `arrival`: how long after the start of an apply an unanswered update may still arrive, so that nothing else is
 * written to its token.
 */
export type Timing = { writeTimeout: number; lease: number; arrival: number }

export type Applier = ReturnType<typeof createApplier>

type Applying = Extract<Change, { status: 'applying' }>

/** Shows a change before its stack is asked anything: at the first try only, so that a card is not redrawn at each. */
type ShowFirst = (id: number) => Promise<void>

const app = 'app'

/** How long a look counts as current before a write, in milliseconds: no longer than the stack may take to answer. */
const aMomentMs = 1000

const saidByStack: ReadonlySet<string> = new Set<Answer['kind']>(['taken', 'refused', 'busy'])

/** The reason for an apply that this process began, sent nothing for and gave up. */
const couldNotGoOn =
  "before anything was sent, Countersign could not go on, for example because its log can't be written"

/** The reasons for an update without a known answer: sent by this process, or perhaps known to another. */
const failedWhileSending = 'Countersign failed while it sent the update'
const notRecorded = 'the app stopped before it recorded an answer, or could not record one'

type Look = { readonly live: LiveToken; readonly began: string; readonly believed: boolean }

/** The only code that writes to a stack: look, write, look, under a recorded lease. */
export function createApplier({
  store,
  stackFor,
  electorates,
  factsOfLate,
  onLook,
  onDoubt,
  onUnnoted,
  msLeft,
  now: wall,
  monotonic,
  processId,
  timing,
}: Deps) {
  const steady = createSteadyClock(wall, monotonic)
  const { now } = steady
  const waits = createWaits(steady, monotonic)
  /** Changes that this process lacks a key for: it gets none while it runs. */
  const keyless = new Set<number>()
  const answers = createAnswers({ note: noteAnswerOf, store })
  /** Changes to judge before their next look is due, and when each was last judged, by `monotonic`. */
  const sooner = new Set<number>()
  const judgedAt = new Map<number, number>()
  /** Changes that wait because Slack could not say who may still ask and decide, and those that no longer do. */
  const unheard = new Set<number>()
  const heard = new Set<number>()
  return { catchUp, apply, judge, lookedElsewhere, peopleCanBeAsked, stop: answers.stop }

  /** Does what the status of a change calls for now. False for a change whose next try is not due yet. */
  async function catchUp(change: Change, showFirst?: ShowFirst): Promise<boolean> {
    if (change.status === 'applying') countTimeOf(change)
    if (change.status === 'applying' && mayJudge(change)) await judge(change)
    else if (change.status === 'approved' && !mayApply(change)) return false
    else if (change.status === 'approved') await apply(change.id, showFirst)
    return true
  }

  /**
   * Nobody else judges an apply before its lease is over; its own process may look once the stack has said yes or no.
   */
  function mayJudge({ id, lease, unseen, write }: Applying): boolean {
    if (unseen) return sooner.delete(id) || isDue(unseen.lookAt, now(), longestWaitMs)
    const isSaid = lease.holder === processId && write !== undefined && saidByStack.has(write.answer.kind)
    return isSaid || leaseLeft(lease) <= 0
  }

  /** The token of a change could be looked at for something else, so the outcome of the change may show now. */
  function lookedElsewhere(id: number): void {
    const since = monotonic() - (judgedAt.get(id) ?? Number.NEGATIVE_INFINITY)
    if (since >= shortestWaitMs) sooner.add(id)
  }

  /** Called when people can be looked up again: the changes that waited only for that may be tried at once. */
  function peopleCanBeAsked(): number[] {
    const ids = [...unheard]
    unheard.clear()
    for (const id of ids) heard.add(id)
    return ids
  }

  function mayApply({ id, interruption }: Extract<Change, { status: 'approved' }>): boolean {
    if (heard.delete(id)) return true
    return interruption === null || isDue(interruption.retryAt, now(), Math.max(longestWaitMs, timing.arrival))
  }

  /** Writes an approved change to its stack, unless the token is no longer as the requester saw it. */
  async function apply(id: number, showFirst: ShowFirst = async () => {}): Promise<void> {
    const lease = newLease()
    const approved = (await store.get(id)).change
    if (await isStillKeyless(approved)) return
    await lookUpUnknown(approved, showFirst)
    const electorate = await electorateOf(approved)
    const sincePutBack = await arrivalLeftSincePutBack()
    const { change, event } = await store.record(id, app, (stored, beside, recent) => {
      const at = now().toISOString()
      // Another process was quicker, or somebody decided otherwise meanwhile.
      if (stored.status !== 'approved') return null
      if (sincePutBack > 0) return postponeSincePutBack(stored, at, inWholeSeconds(sincePutBack))
      const wait = mustWaitFor(stored, [...beside(), ...recent()], at, isWaitedOut)
      return wait ? postpone(stored, wait, at, whenOver(wait.send)) : startApply(stored, electorate, lease, at, msLeft)
    })
    if (event === null || change.status !== 'applying') return
    await answers.begin(id, lease)
    if (change.interruptions === 0) await showFirst(id)
    await carryOut(change, lease)
    answers.end(id, lease)
  }

  async function carryOut(change: Applying, lease: Lease): Promise<void> {
    if (await isInDoubt(change, lease)) return
    const facts = await whereAliasesPoint(change, lease)
    const seen = facts && (await seenRightBefore(change, lease, facts))
    if (!seen) return
    if (!timeToWrite(lease))
      return interruptFor(change, lease, 'looking at the token took too long, or the clock was set in the meantime')
    if (await isOverByNow(change, lease)) return
    const barred = await write(change, lease, seen)
    const after = await lookOrPutOff(change, lease)
    if (after) await settleBy(change, lease, after)
    if (barred) throw barred
  }

  /**
   * The token as it is, if it may be written; otherwise null. Slack can take long to say who may still ask and approve,
   * and somebody may edit the token meanwhile, so it is looked at once more.
   */
  async function seenRightBefore(change: Applying, lease: Lease, facts: Pointing): Promise<Look | null> {
    const seen = await seenUnmoved(change, lease, facts)
    const since = monotonic()
    if (!seen || !(await isAllowedByNow(change, lease))) return null
    return monotonic() - since < aMomentMs ? seen : seenUnmoved(change, lease, facts)
  }

  async function seenUnmoved(change: Applying, lease: Lease, facts: Pointing): Promise<Look | null> {
    const seen = await lookBeforeWriting(change, lease)
    return seen && (await isStillAsSeen(change, lease, { ...seen, facts })) ? seen : null
  }

  /**
   * How long an update sent before a backup was put back may still arrive, in milliseconds; 0 or less once it can't.
   */
  async function arrivalLeftSincePutBack(): Promise<number> {
    const at = await store.putBackAt()
    if (at === null) return 0
    return arrivalLeft({ sentAt: at, until: new Date(Date.parse(at) + timing.arrival).toISOString() })
  }

  /**
   * Aliases that were unknown may be known now, and are checked against the policy. If this fails, the change waits.
   */
  async function lookUpUnknown(change: Change, showFirst: ShowFirst): Promise<void> {
    if (aliasesUnknown(change).length === 0) return
    if (change.status === 'approved' && change.interruption === null) await showFirst(change.id)
    await factsOfLate(change.stack).catch(() => {})
  }

  /**
   * Nothing is written for a change that the log does not bear out: somebody may have made it up in the database. If
   * only a key is missing, it waits.
   */
  async function isInDoubt(change: Change, lease: Lease): Promise<boolean> {
    const doubt = await store.doubt(change)
    if (doubt === null) return false
    if (typeof doubt !== 'string') await interruptFor(change, lease, untilKeyIsGiven(doubt), doubt.missingKey)
    else await failFor(change, lease, doubt)
    return true
  }

  /** A missing key is noted once, not at each try: the tries lead to nothing else until it is given. */
  async function isStillKeyless(change: Change): Promise<boolean> {
    const untilKey = change.status === 'approved' ? change.interruption?.untilKey : undefined
    if (untilKey === undefined) return false
    const doubt = keyless.has(change.id) ? null : await store.doubt(change)
    if (doubt !== null && typeof doubt !== 'string' && doubt.missingKey === untilKey) keyless.add(change.id)
    return keyless.has(change.id)
  }

  async function failFor({ id }: Change, lease: Lease, doubt: string): Promise<void> {
    const why = `the audit log does not bear out this change (${doubt}). So nothing more is sent to the stack: whoever runs Countersign should verify the log, and then it can be asked for again`
    const { event } = await store.record(id, app, (stored) => refuse(stored, { why, lease, at: now() }))
    // If another process went on with it since, that is not what was checked against the log, and that process checks
    // it again.
    if (event !== null) onDoubt(id, doubt)
  }

  /** If it is not, what was found is recorded, and nothing is written. */
  async function isStillAsSeen(change: Change, lease: Lease, found: Look & { facts: Pointing }): Promise<boolean> {
    const { live, began, believed, facts } = found
    const look = { ...lookAt(live), settings: asChangeSees(change, live.settings, facts) }
    const seen = { look: believed ? look : null, lease, at: now() }
    const { change: left } = await store.record(change.id, app, (stored, ...others) =>
      beforeWriting(stored, { ...seen, ...among(...others) }),
    )
    if (left.status === 'applying') return true
    if (believed) await onLook([withoutRaw(live)], began)
    return false
  }

  /** If it is not, nothing is written, and the next try finds out what that means. */
  async function isAllowedByNow(change: Change, lease: Lease): Promise<boolean> {
    const electorate = await electorateOf(change).catch(async (error: unknown) => {
      await interruptFor(change, lease, 'who may still ask for it and approve it could not be looked up in Slack')
      throw error
    })
    if (isAllowedStill(change, electorate)) return true
    const why =
      'while the token was looked at, somebody lost the right to ask for this or to approve it, or the policy now asks for more'
    await interruptFor(change, lease, why)
    return false
  }

  async function electorateOf(change: Change): Promise<Electorate> {
    try {
      const electorate = await electorates.forChange(change)
      unheard.delete(change.id)
      return electorate
    } catch (error) {
      if (!isOwn(error)) unheard.add(change.id)
      throw error
    }
  }

  /**
   * A change approved in time may have waited until its new expiry passed: nobody approved a dead token. If only a
   * clock that was set recently says so, the change waits: the clock may be set right again.
   */
  async function isOverByNow(change: Change, lease: Lease): Promise<boolean> {
    if (whyOver(change, now()) === null) return false
    const day = dayOf(change.after.expiresOn)
    if (whyOver(change, steady.earliest()) === null) {
      const why = `by the clock, its new expiry, ${day}, has passed; but in the last half hour the clock was set, or the machine slept`
      await interruptFor(change, lease, why)
      return true
    }
    const why = `its new expiry, ${day}, had passed before it was written. So nothing more is sent to the stack: ask again, for a later day`
    await store.record(change.id, app, (stored) => refuse(stored, { why, lease, at: now() }))
    return true
  }

  /**
   * The stack's answer is on disk before anybody judges by it; then the token that it shows is remembered as seen.
   * Resolves to an error that whoever runs the app should hear of.
   */
  async function write(change: Applying, lease: Lease, { live }: Look): Promise<Error | undefined> {
    const sentAt = now().toISOString()
    answers.leave(change.id, lease)
    const { edited, barred, ...answer }: WriteAnswer = await stackFor(change.stack).update(
      live,
      asFarAsKnown(live.settings, change.after),
    )
    await answers.take({ id: change.id, lease, answer, sentAt, over: live.edited?.at ?? null })
    if (answer.kind !== 'taken' || answer.stored === undefined) return barred
    const stored = { stack: change.stack, uid: change.tokenUid, settings: answer.stored }
    await store.rememberToken({ ...stored, ...(edited && { edited }) }, now().toISOString())
    return barred
  }

  async function noteAnswerOf({ id, ...came }: Came): Promise<void> {
    const { change, event } = await store.record(id, app, (stored) => noteAnswer(stored, { ...came, at: now() }))
    if (event === null && came.answer.kind !== 'none') onUnnoted(id, came.answer)
    change.sends?.forEach(isWaitedOut)
  }

  /**
   * Finds out how an apply ended by looking, never by writing again: after a crash, while a look still shows the old
   * state, and if nobody knows that the update arrived.
   */
  async function judge(change: Applying): Promise<void> {
    const { id, lease, write } = change
    judgedAt.set(id, monotonic())
    if (!write && answers.under(id, lease) === 'unsent') await interruptFor(change, lease, couldNotGoOn)
    else if (!write) await noteWhatIsKnown(change)
    const seen = await lookOrPutOff(change, lease).catch((error: unknown) => noteUnlooked(change, lease, error))
    if (seen) await settleBy(change, lease, seen)
  }

  /** For its card to show until the next look. */
  async function noteUnlooked({ id }: Change, lease: Lease, error: unknown): Promise<null> {
    if (isOwn(error)) throw error
    const why = error instanceof TokenMissing ? missing : inWords(error)
    await store.record(id, app, (stored) => {
      const under = { lease, at: now() }
      return isGone(error) ? refuse(stored, { ...under, why: whyGone(stored) }) : unlooked(stored, { ...under, why })
    })
    return null
  }

  /** Null if the token can't be looked at, and need not be for this change to be tried again. */
  async function lookOrPutOff(change: Change, lease: Lease): Promise<Look | null> {
    try {
      return await look(change)
    } catch (error) {
      if (isGone(error) || isOwn(error)) throw error
      const { change: left } = await store.record(change.id, app, (stored) =>
        turnDownUnlooked(stored, { lease, at: now() }),
      )
      if (left.status === 'applying') throw error
      return null
    }
  }

  /** Notes the answer to this process's own update; for another process's, notes that nothing is known. */
  async function noteWhatIsKnown({ id, lease, startedAt }: Applying): Promise<void> {
    const begun = answers.under(id, lease)
    if (begun !== null && typeof begun === 'object') return answers.take(begun)
    if (startedAt === undefined) return
    const why = begun === 'sent' ? failedWhileSending : notRecorded
    await noteAnswerOf({ id, lease, answer: { kind: 'none', why }, sentAt: startedAt, over: null })
  }

  async function settleBy(change: Change, lease: Lease, { live, began, believed }: Look): Promise<void> {
    const seen = { look: believed ? lookAt(live) : null, lease, at: now(), isOver: leaseLeft(lease) <= 0 }
    const facts = await store.knownFacts(change.stack)
    await store.record(change.id, app, (stored, ...others) =>
      asFound(stored, settle(stored, { ...seen, ...among(...others), isLate: isLate(stored) }), facts),
    )
    if (believed) await onLook([withoutRaw(live)], began)
  }

  /** For a change with aliases. Null if nobody can tell now: then it is tried again later. */
  async function whereAliasesPoint(change: Change, lease: Lease): Promise<Pointing | null> {
    if (change.before.aliasTargets === undefined && aliasesUnknown(change).length === 0) return {}
    try {
      const facts = await factsOfLate(change.stack)
      const untold = whyUntold(change, facts)
      if (untold !== null) throw new Error(untold)
      const [lost] = lostAliases(change, facts)
      if (lost === undefined) return facts
      const whose = lost.isAdded ? 'which this change would add' : 'which the token has'
      const why = `the stack no longer says what the alias ${aliasInWords({}, lost.alias)} points to, ${whose}`
      await interruptFor(change, lease, why)
      return null
    } catch (error) {
      await interruptFor(change, lease, `what the token's aliases point to could not be looked up: ${inWords(error)}`)
      if (isOwn(error)) throw error
      return null
    }
  }

  /** Nothing has been sent yet, so a failure here is known to have changed nothing. */
  async function lookBeforeWriting(change: Change, lease: Lease): Promise<Look | null> {
    try {
      return await look(change)
    } catch (error) {
      if (isGone(error))
        await store.record(change.id, app, (stored) => refuse(stored, { why: goneUnwritten, lease, at: now() }))
      else await interruptFor(change, lease, error instanceof TokenMissing ? missing : inWords(error))
      if (isOwn(error)) throw error
      return null
    }
  }

  async function interruptFor(change: Change, lease: Lease, why: string, untilKey?: string): Promise<void> {
    await store.record(change.id, app, (stored) => interrupt(stored, { why, lease, at: now(), untilKey }))
  }

  /**
   * The look is remembered too, so that the next form opens with the token as it is now. First, while the change is
   * still being applied, so that its own write is not taken for an edit made elsewhere.
   */
  async function look({ stack, tokenUid }: Change): Promise<Look> {
    const began = now().toISOString()
    const live = await stackFor(stack).token(tokenUid, { first: true })
    return { began, live, believed: await store.rememberToken(withoutRaw(live), began) }
  }

  /** Starts when this process first meets the change: for the time before, there is only the clock. */
  function countTimeOf(change: Applying): void {
    leaseLeft(change.lease)
    isLate(change)
  }

  function isWaitedOut(send: Send): boolean {
    return arrivalLeft(send) <= 0
  }

  /** True once no look can show any more what the stack said it took. */
  function isLate(change: Change): boolean {
    if (change.status !== 'applying' || !change.write) return false
    const { lease, write } = change
    return isWaitedOut({ sentAt: write.sentAt, until: lease.arrival ?? lease.until, answer: 'taken' })
  }

  function arrivalLeft({ sentAt, until }: Pick<Send, 'sentAt' | 'until'>): number {
    const name = `update ${sentAt} ${until}`
    return waits.msLeft({ name, until, longestMs: timing.arrival, outlivesTheClock: true })
  }

  /** A lease that was over, by the clock, when this process began is over: a restarted app goes on at once. */
  function leaseLeft({ holder, until }: Lease): number {
    return waits.msLeft({ name: `lease ${holder} ${until}`, until, longestMs: timing.lease })
  }

  function whenOver(send: Send | null): string | undefined {
    if (send === null || send.until > now().toISOString()) return send?.until
    return inWholeSeconds(arrivalLeft(send))
  }

  /** When this many milliseconds are over by the wall clock, rounded up to whole seconds, so that they surely are. */
  function inWholeSeconds(ms: number): string {
    return later(Math.ceil(ms / 1000) * 1000)
  }

  /** By either clock: one of them may have been set, and the other stops while the machine sleeps. */
  function timeToWrite(lease: Lease): boolean {
    const byWall = Date.parse(lease.until) - now().getTime()
    return Math.min(byWall, leaseLeft(lease)) > timing.writeTimeout
  }

  /** Its end is counted from here on. */
  function newLease(): Lease {
    const lease = { holder: processId, until: later(timing.lease), arrival: later(timing.arrival) }
    leaseLeft(lease)
    return lease
  }

  function later(ms: number): string {
    return new Date(now().getTime() + ms).toISOString()
  }
}

function withoutRaw({ raw: _, ...token }: LiveToken) {
  return token
}
