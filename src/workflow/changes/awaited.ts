import type { Change } from '../../domain/change/change.ts'
import { type Awaited, longestAwaited } from '../../domain/looks/same-token.ts'
import type { ChangeReads } from '../../ports/changes.ts'

/** A change, or an edit that is not one yet. */
type About = Pick<Change, 'stack' | 'tokenUid'> & { readonly id: number | null }

/** Only this many of the newest are searched for updates that may still arrive. */
const mostLooked = 20

/** The wait of an edit of the token at `at`: for an update of another change, even of one that has ended. */
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
