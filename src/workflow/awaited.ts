import type { Change } from '../domain/change/change.ts'
import { type Awaited, longestAwaited } from '../domain/looks/same-token.ts'
import type { ChangeReads } from '../ports/changes.ts'

/** A change, or an edit that is none yet. */
type About = Pick<Change, 'stack' | 'tokenUid'> & { readonly id: number | null }

/** More of the newest are not looked through for updates that may still arrive. */
const mostLooked = 20

/** What an edit of the token would have to wait for at `at`: an update of another change, even of one that has ended. */
export async function awaitedFrom(
  store: ChangeReads,
  { stack, tokenUid, id }: About,
  at: string,
): Promise<Awaited | null> {
  const newest = await store.changes({ of: { stack, tokenUid }, most: mostLooked })
  return longestAwaited(
    newest.map(({ change }) => change).filter((change) => change.id !== id),
    at,
  )
}
