import { asking, paceMs } from '../../domain/asks-an-hour.ts'
import type { Waiting } from '../../domain/room.ts'
import type { Asker, TokenRef } from '../../ports/changes.ts'
import { type On, statement } from './statements.ts'

/** Tells what already waits for this requester and token, and when the requester asked within the last hour. */
export type WaitingOf = (on: On, of: TokenRef & Asker) => Promise<Waiting>

const counted = statement<{ ofRequester: number; ofToken: number }>(
  'waiting',
  `select
     (select count(*)::int from change_requests where requester = $1 and due_at is not null) as "ofRequester",
     (select count(*)::int from change_requests where stack = $2 and token_uid = $3 and due_at is not null) as "ofToken"`,
)

/** By an index of these alone: it is read while everybody who writes to the log waits. */
const askedAt = statement<{ at: string }>(
  'asked-lately',
  `select at from audit_events
   where actor = $1 and type in (${asking.map((type) => `'${type}'`).join(', ')}) and at > $2 and at <= $3
   order by at`,
)

export function prepareWaiting(now: () => Date): WaitingOf {
  return async (on, { stack, tokenUid, requester, enteredBy }) => {
    const at = now()
    const [waiting] = await counted(on, requester, stack, tokenUid)
    const since = new Date(at.getTime() - paceMs).toISOString()
    const asked = await askedAt(on, enteredBy ?? requester, since, at.toISOString())
    return { ...waiting!, asked: asked.map((entry) => entry.at) }
  }
}
