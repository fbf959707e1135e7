import type { AuditEvent } from '../../ports/log.ts'
import { asEvent, type EventRow } from '../events.ts'
import { type On, statement } from './statements.ts'

const columns = 'seq, at, actor, change_id as "changeId", type, body'
const all = statement<EventRow>('events', `select ${columns} from audit_events order by seq`)
const ofChange = statement<EventRow>(
  'events-of',
  `select ${columns} from audit_events where change_id = $1 order by seq`,
)

export async function eventsOf(on: On, changeId: number): Promise<AuditEvent[]> {
  return (await ofChange(on, changeId)).map(asEvent)
}

export async function allEvents(on: On): Promise<AuditEvent[]> {
  return (await all(on)).map(asEvent)
}
