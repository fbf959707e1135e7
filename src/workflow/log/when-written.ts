import type { Store } from '../../ports/store.ts'

type Record = Store['record']

/**
 * Records like `record`, and calls `then` once an event was written: a decision that comes to nothing writes nothing.
 */
export function thenWhenWritten(record: Record, then: () => void): Record {
  return async (...asked) => {
    const recorded = await record(...asked)
    if (recorded.event !== null) then()
    return recorded
  }
}
