import { z } from 'zod'
import { lost } from '../change/parts.ts'
import { Refusal } from '../refusal.ts'
import type { Entry } from './chain-check.ts'

/** In whole seconds: half of the changes took at most `p50`, and 95 of 100 at most `p95`; null without any. */
type Spread = { readonly p50: number | null; readonly p95: number | null }

const outcomes = ['applied', 'failed', 'rejected', 'cancelled', 'expired', 'open'] as const
type Outcome = (typeof outcomes)[number]

/** The changes under one rule on one stack. Each counts once, with one outcome. */
export type ReportRow = {
  /** As the log calls it. */
  readonly stack: string
  /** Null for changes whose entries name none. */
  readonly rule: string | null
  readonly asked: number
  readonly outcomes: Readonly<Record<Outcome, number>>
  /** Until the first approval or rejection of a change, whether that still counts or not. */
  readonly toFirstDecision: Spread
  /** Until a change ended, however it ended. */
  readonly toEnd: Spread
  readonly voidedApprovals: number
  /** How often a change was stopped because its token had moved. */
  readonly drifts: number
}

const ruled = z.object({ requirement: z.object({ rule: z.string() }).optional() })
const bodies = {
  asked: ruled.extend({ stack: z.string() }),
  revised: ruled,
  approved: z.object({ by: z.string(), lost: z.array(lost).optional() }),
  quorumLost: z.object({ lost: z.array(lost).optional() }),
}

/** The events that end a change, each with its outcome. */
const endings: ReadonlyMap<string, Outcome> = new Map([
  ['applied', 'applied'],
  ['apply_refused', 'failed'],
  ['rejected', 'rejected'],
  ['cancelled', 'cancelled'],
  ['expired', 'expired'],
])

/** An open change, as far as it is reported on. */
type Going = {
  readonly stack: string
  readonly askedAt: number
  rule: string | null
  secondsToDecision: number | null
  secondsToEnd: number | null
  /** Those whose approval counts, as far as the log says. */
  readonly approvers: Set<string>
  voidedApprovals: number
  drifts: number
}

type Tally = {
  readonly stack: string
  readonly rule: string | null
  readonly outcomes: Record<Outcome, number>
  readonly toFirstDecision: number[]
  readonly toEnd: number[]
  voidedApprovals: number
  drifts: number
}

/**
 * Takes the log's entries in order and reports on the changes that were asked for at or after the instant `since`, whenever
 * they ended: by the entry's own time. A change that came under another rule when it was edited, rebased or taken over
 * counts under the last one, as that one decided on it. Keeps open changes, and of an ended one only how long it took.
 */
export function createReport(since: string) {
  const first = Date.parse(since)
  const open = new Map<number, Going>()
  const tallies = new Map<string, Tally>()
  return { feed, end }

  /** Throws a Refusal for an entry that can't be read. */
  function feed(entry: Entry): void {
    const { changeId: id, type } = entry
    if (id === null) return
    if (type === 'proposed') begin(id, entry)
    const going = open.get(id)
    if (going === undefined) return
    steps.get(type)?.(going, entry)
    const outcome = endings.get(type)
    if (outcome === undefined) return
    going.secondsToEnd = secondsSince(going, entry)
    count(going, outcome)
    open.delete(id)
  }

  function begin(id: number, entry: Entry): void {
    const askedAt = instantOf(entry)
    if (askedAt < first) return
    const { stack, requirement } = bodyOf(entry, bodies.asked)
    const undecided = { secondsToDecision: null, secondsToEnd: null, approvers: new Set<string>() }
    open.set(id, { stack, askedAt, rule: requirement?.rule ?? null, ...undecided, voidedApprovals: 0, drifts: 0 })
  }

  function count(going: Going, outcome: Outcome): void {
    const { stack, rule, secondsToDecision, secondsToEnd } = going
    const key = JSON.stringify([stack, rule])
    const tally = tallies.get(key) ?? emptyTally(stack, rule)
    tallies.set(key, tally)
    tally.outcomes[outcome]++
    if (secondsToDecision !== null) tally.toFirstDecision.push(secondsToDecision)
    if (secondsToEnd !== null) tally.toEnd.push(secondsToEnd)
    tally.voidedApprovals += going.voidedApprovals
    tally.drifts += going.drifts
  }

  /** A row for each rule on each stack, by name, once all entries were taken. */
  function end(): ReportRow[] {
    for (const going of open.values()) count(going, 'open')
    open.clear()
    return [...tallies.values()].map(rowOf).sort(byName)
  }
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
  noteDecision(going, entry)
}

function noteDecision(going: Going, entry: Entry): void {
  going.secondsToDecision ??= secondsSince(going, entry)
}

function loseQuorum(going: Going, entry: Entry): void {
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
  going.voidedApprovals += going.approvers.size
  going.approvers.clear()
}

/** Never below zero: somebody may have set the clock back meanwhile. */
function secondsSince({ askedAt }: Going, entry: Entry): number {
  return Math.max(0, Math.round((instantOf(entry) - askedAt) / 1000))
}

function instantOf(entry: Entry): number {
  const instant = Date.parse(entry.at)
  if (Number.isNaN(instant)) throw unreadable(entry)
  return instant
}

function bodyOf<T>(entry: Entry, schema: z.ZodType<T>): T {
  try {
    return schema.parse(JSON.parse(entry.body))
  } catch {
    throw unreadable(entry)
  }
}

function unreadable({ seq, type }: Entry): Refusal {
  return new Refusal(
    'unavailable',
    `Entry #${seq} of the log can't be read as what it says it is: ${type}. Nothing was reported; verify the log.`,
  )
}

function emptyTally(stack: string, rule: string | null): Tally {
  const none = { applied: 0, failed: 0, rejected: 0, cancelled: 0, expired: 0, open: 0 }
  return { stack, rule, outcomes: none, toFirstDecision: [], toEnd: [], voidedApprovals: 0, drifts: 0 }
}

function rowOf({ toFirstDecision, toEnd, ...tally }: Tally): ReportRow {
  const asked = outcomes.reduce((sum, outcome) => sum + tally.outcomes[outcome], 0)
  return { ...tally, asked, toFirstDecision: spreadOf(toFirstDecision), toEnd: spreadOf(toEnd) }
}

function spreadOf(seconds: readonly number[]): Spread {
  const sorted = seconds.toSorted((a, b) => a - b)
  return { p50: nearestRank(sorted, 50), p95: nearestRank(sorted, 95) }
}

/** The smallest value that is no less than this many of a hundred: always one that occurred, never one between two. */
function nearestRank(sorted: readonly number[], percent: number): number | null {
  return sorted[Math.ceil((percent * sorted.length) / 100) - 1] ?? null
}

function byName(one: ReportRow, other: ReportRow): number {
  return order(one.stack, other.stack) || order(one.rule ?? '', other.rule ?? '')
}

function order(one: string, other: string): number {
  return one === other ? 0 : one < other ? -1 : 1
}
