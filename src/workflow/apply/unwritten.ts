import type { Change } from '../../domain/change/change.ts'
import type { Lease } from '../../domain/change/parts.ts'
import { interrupt, refuse } from '../../domain/looks/settle.ts'
import type { ChangeWrites } from '../../ports/changes.ts'

export const app = 'app'

export type Unwritten = ReturnType<typeof createUnwritten>

/** The two ends of an apply that sent nothing: it is tried again later, or it failed. */
export function createUnwritten({ store, now }: { store: ChangeWrites; now: () => Date }) {
  return { tryLater, fail }

  async function tryLater({ id }: Change, lease: Lease, why: string, untilKey?: string): Promise<void> {
    await store.record(id, app, (stored) => interrupt(stored, { why, lease, at: now(), untilKey }))
  }

  /** Resolves to false if another process went on with the change since. */
  async function fail({ id }: Change, lease: Lease, why: string): Promise<boolean> {
    const { event } = await store.record(id, app, (stored) => refuse(stored, { why, lease, at: now() }))
    return event !== null
  }
}
