import { postponeSincePutBack } from '../../domain/audit/put-back.ts'
import { startApply } from '../../domain/change/applying.ts'
import type { Change } from '../../domain/change/change.ts'
import { isDue } from '../../domain/change/lease.ts'
import type { Lease } from '../../domain/change/parts.ts'
import type { MsLeft } from '../../domain/change/term.ts'
import type { Answer } from '../../domain/change/write.ts'
import { asFarAsKnown } from '../../domain/looks/governed.ts'
import { mustWaitFor, postpone } from '../../domain/looks/same-token.ts'
import { longestWaitMs, noteAnswer } from '../../domain/looks/settle.ts'
import { aliasesUnknown, type Pointing } from '../../domain/token/targets.ts'
import type { StackFacts } from '../../domain/token/token.ts'
import type { ChangeReads, ChangeWrites } from '../../ports/changes.ts'
import type { LogReads } from '../../ports/log.ts'
import type { LookReads, LookWrites } from '../../ports/looks.ts'
import type { StackApi, WriteAnswer } from '../../ports/stack.ts'
import { createSteadyClock } from '../../steady-clock.ts'
import type { Electorates } from '../changes/electorates.ts'
import type { OnLook } from '../looks/listing.ts'
import { type Came, createAnswers } from './answers.ts'
import { createChecks } from './checks.ts'
import { type Applying, createJudging } from './judging.ts'
import { createLeases, type Timing } from './leases.ts'
import { createOwnLooks, type Look } from './own-looks.ts'
import { app, createUnwritten } from './unwritten.ts'
import { createWhoDecides } from './who-decides.ts'

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

export type Applier = ReturnType<typeof createApplier>

/** Shows a change before its stack is asked anything: at the first try only, so that a card is not redrawn at each. */
type ShowFirst = (id: number) => Promise<void>

/** How long a look counts as current before a write, in milliseconds: no longer than the stack may take to answer. */
const aMomentMs = 1000

/** The only code that writes to a stack: look, write, look, under a recorded lease. */
export function createApplier(deps: Deps) {
  const { store, stackFor, electorates, factsOfLate, onLook, onDoubt, onUnnoted, msLeft, monotonic, timing } = deps
  const steady = createSteadyClock(deps.now, monotonic)
  const { now } = steady
  const leases = createLeases({ steady, monotonic, processId: deps.processId, timing })
  const answers = createAnswers({ note: noteAnswerOf, store })
  const unwritten = createUnwritten({ store, now })
  const looks = createOwnLooks({ store, stackFor, unwritten, factsOfLate, onLook, now })
  const people = createWhoDecides(electorates)
  const checks = createChecks({ store, unwritten, looks, people, steady, onDoubt })
  const judging = createJudging({ store, answers, note: noteAnswerOf, leases, looks, unwritten, now, monotonic })
  const { judge, lookedElsewhere, settleBy } = judging
  return { catchUp, apply, judge, lookedElsewhere, peopleCanBeAsked: people.canBeAsked, stop: answers.stop }

  /** Does what the status of a change calls for now. False for a change whose next try is not due yet. */
  async function catchUp(change: Change, showFirst?: ShowFirst): Promise<boolean> {
    if (change.status === 'applying') leases.count(change)
    if (change.status === 'applying' && judging.mayJudge(change)) await judge(change)
    else if (change.status === 'approved' && !mayApply(change)) return false
    else if (change.status === 'approved') await apply(change.id, showFirst)
    return true
  }

  function mayApply({ id, interruption }: Extract<Change, { status: 'approved' }>): boolean {
    if (people.mayGoOn(id)) return true
    return interruption === null || isDue(interruption.retryAt, now(), Math.max(longestWaitMs, timing.arrival))
  }

  /** Writes an approved change to its stack, unless the token is no longer as the requester saw it. */
  async function apply(id: number, showFirst: ShowFirst = async () => {}): Promise<void> {
    const lease = leases.begin()
    const approved = (await store.get(id)).change
    if (await checks.isStillKeyless(approved)) return
    await lookUpUnknown(approved, showFirst)
    const electorate = await people.electorateOf(approved)
    const sincePutBack = leases.arrivalLeftSince(await store.putBackAt())
    const { change, event } = await store.record(id, app, (stored, beside, recent) => {
      const at = now().toISOString()
      // Another process was quicker, or somebody decided otherwise meanwhile.
      if (stored.status !== 'approved') return null
      if (sincePutBack > 0) return postponeSincePutBack(stored, at, leases.inWholeSeconds(sincePutBack))
      const wait = mustWaitFor(stored, [...beside(), ...recent()], at, leases.isWaitedOut)
      return wait
        ? postpone(stored, wait, at, leases.whenOver(wait.send))
        : startApply(stored, electorate, lease, at, msLeft)
    })
    if (event === null || change.status !== 'applying') return
    await answers.begin(id, lease)
    if (change.interruptions === 0) await showFirst(id)
    await carryOut(change, lease)
    answers.end(id, lease)
  }

  /**
   * Aliases that were unknown may be known now, and are checked against the policy. If this fails, the change waits.
   */
  async function lookUpUnknown(change: Change, showFirst: ShowFirst): Promise<void> {
    if (aliasesUnknown(change).length === 0) return
    if (change.status === 'approved' && change.interruption === null) await showFirst(change.id)
    await factsOfLate(change.stack).catch(() => {})
  }

  async function carryOut(change: Applying, lease: Lease): Promise<void> {
    if (await checks.isInDoubt(change, lease)) return
    const facts = await looks.whereAliasesPoint(change, lease)
    const seen = facts && (await seenRightBefore(change, lease, facts))
    if (!seen) return
    if (!leases.hasTimeToWrite(lease)) {
      const why = 'looking at the token took too long, or the clock was set in the meantime'
      return unwritten.tryLater(change, lease, why)
    }
    if (await checks.isOverByNow(change, lease)) return
    const barred = await write(change, lease, seen)
    const after = await looks.orPutOff(change, lease)
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
    if (!seen || !(await checks.isAllowedByNow(change, lease))) return null
    return monotonic() - since < aMomentMs ? seen : seenUnmoved(change, lease, facts)
  }

  async function seenUnmoved(change: Applying, lease: Lease, facts: Pointing): Promise<Look | null> {
    const seen = await looks.beforeWriting(change, lease)
    return seen && (await checks.isStillAsSeen(change, lease, { ...seen, facts })) ? seen : null
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
    change.sends?.forEach(leases.isWaitedOut)
  }
}
