import type { Going } from '../../domain/audit/going.ts'
import { type OpenStatus, openStatuses } from '../../domain/change/change.ts'
import type { Labels } from './labels.ts'
import type { MetricsOf, Value } from './registry.ts'

const hour = 3_600_000

/** Each name, and the age in milliseconds up to which it stands. */
const ages = [
  ['1h', hour],
  ['1d', 24 * hour],
  ['3d', 72 * hour],
  ['7d', 168 * hour],
  ['older', Number.POSITIVE_INFINITY],
] as const

type Standing = {
  readonly statuses: ReadonlyMap<number, OpenStatus>
  /** The open changes by the log. */
  readonly going: ReadonlyMap<number, Going>
  readonly at: Date
}

/** The open changes as they are now: where each stands is in its row, and when it was asked for in the log. */
export function createOpenChanges({ gauge }: MetricsOf, labels: Labels): (standing: Standing) => void {
  const help = 'Open changes, by where they stand and how long ago they were asked for: up to 1h, 1d, 3d, 7d, or older.'
  const open = gauge('countersign_changes_open', help, ['stack', 'status', 'age'])
  return ({ statuses, going, at }) => {
    const counts = new Map<string, number>(combinations(labels.stacks).map((key) => [key, 0]))
    for (const [id, status] of statuses) {
      const change = going.get(id)
      if (change === undefined) continue
      const key = keyOf(labels.stackOf(change.stack), status, ageOf(at.getTime() - change.askedAt))
      counts.set(key, (counts.get(key) ?? 0) + 1)
    }
    open.show([...counts].map(([key, count]): Value => [JSON.parse(key), count]))
  }
}

function combinations(stacks: readonly string[]): string[] {
  return stacks.flatMap((stack) => openStatuses.flatMap((status) => ages.map(([age]) => keyOf(stack, status, age))))
}

function keyOf(stack: string, status: OpenStatus, age: string): string {
  return JSON.stringify({ stack, status, age })
}

function ageOf(ms: number): string {
  return ages.find(([, most]) => ms <= most)?.[0] ?? 'older'
}
