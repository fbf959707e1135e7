import type { Store } from '../ports.ts'

type Record = Store['record']

/** Records as `record` does, and calls `then` once an event was written: a decision that comes to nothing writes nothing. */
export function thenWhenWritten(record: Record, then: () => void): Record {
  return async (id, actor, decide, admit) => {
    let wrote = false
    const noticing: typeof decide = (...stored) => {
      const event = decide(...stored)
      wrote = event !== null
      return event
    }
    const change = await record(id, actor, noticing, admit)
    if (wrote) then()
    return change
  }
}
