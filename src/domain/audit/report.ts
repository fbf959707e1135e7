import type { Entry } from './chain-check.ts'
import { type Ending, followChanges, type Going, secondsFrom } from './going.ts'

/** In whole seconds: half of the changes took at most `p50`, and 95 of 100 at most `p95`; null without any. */
type Spread = { readonly p50: number | null; readonly p95: number | null }

const outcomes = ['applied', 'failed', 'rejected', 'cancelled', 'expired', 'open'] as const satisfies readonly Outcome[]
type Outcome = Ending | 'open'

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
  const changes = followChanges(Date.parse(since))
  const tallies = new Map<string, Tally>()
  return { feed, end }

  /** Throws a Refusal for an entry that can't be read. */
  function feed(entry: Entry): void {
    const { going, ending = null } = changes.feed(entry) ?? {}
    if (going !== undefined && ending !== null) count(going, ending).toEnd.push(secondsFrom(going.askedAt, entry))
  }

  function count({ stack, rule, secondsToDecision, ...going }: Going, outcome: Outcome): Tally {
    const key = JSON.stringify([stack, rule])
    const tally = tallies.get(key) ?? emptyTally(stack, rule)
    tallies.set(key, tally)
    tally.outcomes[outcome]++
    if (secondsToDecision !== null) tally.toFirstDecision.push(secondsToDecision)
    tally.voidedApprovals += going.voidedApprovals
    tally.drifts += going.drifts
    return tally
  }

  /** A row for each rule on each stack, by name, once all entries were taken. */
  function end(): ReportRow[] {
    for (const going of changes.open.values()) count(going, 'open')
    return [...tallies.values()].map(rowOf).sort(byName)
  }
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
