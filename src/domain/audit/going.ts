import { z } from 'zod'
import { lost } from '../change/parts.ts'
import { Refusal } from '../refusal.ts'
import type { Entry } from './chain-check.ts'

/** The ways a change ends. */
export type Ending = 'applied' | 'failed' | 'rejected' | 'cancelled' | 'expired'

/** An open change, as far as the log is counted. */
export type Going = {
  readonly stack: string
  readonly askedAt: number
  rule: string | null
  /** Until the first approval or rejection, whether that still counts or not; null before there is one. */
  secondsToDecision: number | null
  /** The last approval of what it asks for now; null if there is none, or not enough of them count. */
  approvedAt: number | null
  /** Those whose approval counts, as far as the log says. */
  readonly approvers: Set<string>
  voidedApprovals: number
  drifts: number
}

const ruled = z.object({ requirement: z.object({ rule: z.string() }).optional() })
const bodies = {
  asked: ruled.extend({ stack: z.string() }),
  revised: ruled,
  approved: z.object({ by: z.string(), lost: z.array(lost).optional() }),
  quorumLost: z.object({ lost: z.array(lost).optional() }),
}

/** The events that end a change, each with its outcome. */
const endings: ReadonlyMap<string, Ending> = new Map([
  ['applied', 'applied'],
  ['apply_refused', 'failed'],
  ['rejected', 'rejected'],
  ['cancelled', 'cancelled'],
  ['expired', 'expired'],
])

/**
 * Follows the changes that were asked for at or after an instant, by the log's entries in order. `feed` returns the
 * change that an entry is about, with the way it ended if it did; null if the entry is about none. A change that is
 * edited, rebased or taken over comes under the rule of that. Throws a Refusal for an entry that can't be read.
 */
export function followChanges(since = Number.NEGATIVE_INFINITY) {
  const open = new Map<number, Going>()
  return { feed, open: open as ReadonlyMap<number, Going> }

  function feed(entry: Entry): { readonly going: Going; readonly ending: Ending | null } | null {
    const { changeId: id, type } = entry
    if (id === null) return null
    if (type === 'proposed' && instantOf(entry) >= since) open.set(id, begun(entry))
    const going = open.get(id)
    if (going === undefined) return null
    steps.get(type)?.(going, entry)
    const ending = endings.get(type) ?? null
    if (ending !== null) open.delete(id)
    return { going, ending }
  }
}

function begun(entry: Entry): Going {
  const { stack, requirement } = bodyOf(entry, bodies.asked)
  const undecided = { secondsToDecision: null, approvedAt: null, approvers: new Set<string>() }
  const none = { voidedApprovals: 0, drifts: 0 }
  return { stack, askedAt: instantOf(entry), rule: requirement?.rule ?? null, ...undecided, ...none }
}

type Step = (going: Going, entry: Entry) => void

const steps: ReadonlyMap<string, Step> = new Map([
  ['approved', approve],
  ['rejected', noteDecision],
  ['quorum_lost', loseQuorum],
  ['amended', revise],
  ['rebased', revise],
  ['taken_over', revise],
  ['put_back', voidAll],
  ['drift_found', stop],
])

function approve(going: Going, entry: Entry): void {
  const { by, lost } = bodyOf(entry, bodies.approved)
  voidThose(going, lost)
  going.approvers.add(by)
  going.approvedAt = instantOf(entry)
  noteDecision(going, entry)
}

function noteDecision(going: Going, entry: Entry): void {
  going.secondsToDecision ??= secondsFrom(going.askedAt, entry)
}

function loseQuorum(going: Going, entry: Entry): void {
  going.approvedAt = null
  voidThose(going, bodyOf(entry, bodies.quorumLost).lost)
}

function revise(going: Going, entry: Entry): void {
  going.rule = bodyOf(entry, bodies.revised).requirement?.rule ?? going.rule
  voidAll(going)
}

function stop(going: Going): void {
  going.drifts++
}

/** An approval that is still lost when somebody else approves is named again, and counts once. */
function voidThose(going: Going, lost: readonly { readonly by: string }[] = []): void {
  for (const { by } of lost) if (going.approvers.delete(by)) going.voidedApprovals++
}

/** By those who approved: entries of the first release don't say whose approvals a new revision voids. */
function voidAll(going: Going): void {
  going.approvedAt = null
  going.voidedApprovals += going.approvers.size
  going.approvers.clear()
}

/** In whole seconds, and never below zero: somebody may have set the clock back meanwhile. */
export function secondsFrom(instant: number, entry: Entry): number {
  return Math.max(0, Math.round((instantOf(entry) - instant) / 1000))
}

export function instantOf(entry: Entry): number {
  const instant = Date.parse(entry.at)
  if (Number.isNaN(instant)) throw unreadable(entry)
  return instant
}

export function bodyOf<T>(entry: Entry, schema: z.ZodType<T>): T {
  try {
    return schema.parse(JSON.parse(entry.body))
  } catch {
    throw unreadable(entry)
  }
}

function unreadable({ seq, type }: Entry): Refusal {
  return new Refusal(
    'unavailable',
    `Entry #${seq} of the log is marked as ${type}, but can't be read as that. Nothing was reported; verify the log.`,
  )
}
