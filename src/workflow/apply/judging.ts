import type { Change } from '../../domain/change/change.ts'
import { isDue } from '../../domain/change/lease.ts'
import type { Lease } from '../../domain/change/parts.ts'
import type { Answer } from '../../domain/change/write.ts'
import { lookAt } from '../../domain/looks/drift.ts'
import { isGone, missing, TokenMissing, whyGone } from '../../domain/looks/gone.ts'
import { longestWaitMs, refuse, settle, shortestWaitMs, unlooked } from '../../domain/looks/settle.ts'
import { inWords, isOwn } from '../../domain/outside-trouble.ts'
import type { ChangeWrites } from '../../ports/changes.ts'
import type { LookReads } from '../../ports/looks.ts'
import { among } from '../among.ts'
import { asFound } from '../targets.ts'
import type { Answers, Came } from './answers.ts'
import type { Leases } from './leases.ts'
import type { Look, OwnLooks } from './own-looks.ts'
import { app, type Unwritten } from './unwritten.ts'

type Deps = {
  store: ChangeWrites & LookReads
  answers: Answers
  /** Records the answer to an update, or that none is known. */
  note: (came: Came) => Promise<void>
  leases: Leases
  looks: OwnLooks
  unwritten: Unwritten
  now: () => Date
  /** Milliseconds that pass, whatever is done to the clock. */
  monotonic: () => number
}

export type Applying = Extract<Change, { status: 'applying' }>

const saidByStack: ReadonlySet<string> = new Set<Answer['kind']>(['taken', 'refused', 'busy'])

/** The reason for an apply that this process began and gave up before it sent anything. */
const couldNotGoOn =
  "before anything was sent, Countersign could not go on, for example because its log can't be written"

/** The reasons for an update without a known answer: sent by this process, or perhaps known to another. */
const failedWhileSending = 'Countersign failed while it sent the update'
const notRecorded = 'the app stopped before it recorded an answer, or could not record one'

/**
 * Finds out how an apply ended by looking, never by writing again: after a crash, while a look still shows the old
 * state, and if nobody knows that the update arrived.
 */
export function createJudging({ store, answers, note, leases, looks, unwritten, now, monotonic }: Deps) {
  /** Changes to judge before their next look is due, and when each was last judged, by `monotonic`. */
  const sooner = new Set<number>()
  const judgedAt = new Map<number, number>()
  return { judge, mayJudge, lookedElsewhere, settleBy }

  /**
   * Nobody else judges an apply before its lease is over; its own process may look once the stack has said yes or no.
   */
  function mayJudge({ id, lease, unseen, write }: Applying): boolean {
    if (unseen) return sooner.delete(id) || isDue(unseen.lookAt, now(), longestWaitMs)
    const isSaid = leases.isOwn(lease) && write !== undefined && saidByStack.has(write.answer.kind)
    return isSaid || leases.left(lease) <= 0
  }

  /** The token of a change could be looked at for something else, so the outcome of the change may show now. */
  function lookedElsewhere(id: number): void {
    const since = monotonic() - (judgedAt.get(id) ?? Number.NEGATIVE_INFINITY)
    if (since >= shortestWaitMs) sooner.add(id)
  }

  async function judge(change: Applying): Promise<void> {
    const { id, lease, write } = change
    judgedAt.set(id, monotonic())
    if (!write && answers.under(id, lease) === 'unsent') await unwritten.tryLater(change, lease, couldNotGoOn)
    else if (!write) await noteWhatIsKnown(change)
    const seen = await looks.orPutOff(change, lease).catch((error: unknown) => noteUnlooked(change, lease, error))
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

  /** Notes the answer to this process's own update; for another process's, notes that nothing is known. */
  async function noteWhatIsKnown({ id, lease, startedAt }: Applying): Promise<void> {
    const begun = answers.under(id, lease)
    if (begun !== null && typeof begun === 'object') return answers.take(begun)
    if (startedAt === undefined) return
    const why = begun === 'sent' ? failedWhileSending : notRecorded
    await note({ id, lease, answer: { kind: 'none', why }, sentAt: startedAt, over: null })
  }

  async function settleBy(change: Change, lease: Lease, seen: Look): Promise<void> {
    const { live, believed } = seen
    const found = { look: believed ? lookAt(live) : null, lease, at: now(), isOver: leases.left(lease) <= 0 }
    const facts = await store.knownFacts(change.stack)
    await store.record(change.id, app, (stored, ...others) =>
      asFound(stored, settle(stored, { ...found, ...among(...others), isLate: leases.isLate(stored) }), facts),
    )
    await looks.report(seen)
  }
}
