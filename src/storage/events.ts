import { fact } from '../domain/audit/fact.ts'
import { changeEvent } from '../domain/change/event.ts'
import type { AuditEvent } from '../ports/log.ts'

/** The content of an entry's row. `body` is the text that its hash is made of. */
export type EventRow = Omit<AuditEvent, 'event'> & { readonly type: string; readonly body: string }

const anyEvent = changeEvent.or(fact)

/** Throws an error in words for a row that Countersign did not write this way. */
export function asEvent({ seq, at, actor, changeId, type, body }: EventRow): AuditEvent {
  try {
    return { seq, at, actor, changeId, event: anyEvent.parse({ ...JSON.parse(body), type }) }
  } catch (cause) {
    throw new Error(`Entry #${seq} of the log is marked as ${type}, but can't be read as that: verify the log.`, {
      cause,
    })
  }
}
