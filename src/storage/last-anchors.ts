import { addHours } from 'date-fns/addHours'
import { fact } from '../domain/audit/fact.ts'
import type { LastAnchors } from '../ports/inspection.ts'

type Last = Omit<LastAnchors[string], 'isBehind'>

/** The last checkpoint at each place, in the body of the log's last entry about them; none without such an entry. */
export function placesIn(body: string | undefined): readonly (readonly [string, Last])[] {
  const found = fact.safeParse({ ...JSON.parse(body ?? '{}'), type: 'log_anchored' }).data
  return found?.type === 'log_anchored' ? Object.entries(found.places) : []
}

/** Entries from after this instant, as ISO, should have been anchored again. */
export function behindAfter({ at }: Last): string {
  return addHours(new Date(at), 2).toISOString()
}
