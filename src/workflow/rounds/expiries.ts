import { hasExpiredMeanwhile } from '../../domain/change/as-of.ts'
import type { Change } from '../../domain/change/change.ts'
import type { CardStore } from '../../ports/cards.ts'

type Deps = { readonly store: Pick<CardStore, 'cardFellBehind'>; readonly now: () => Date }

/**
 * Cards of changes whose token expires while they wait: nothing is recorded then, and yet they have to say that the token
 * would work again. Each falls behind once for each process that meets it.
 */
export function createExpiries({ store, now }: Deps) {
  const told = new Set<string>()
  const nameOf = ({ id, before }: Change) => `${id} ${before.expiresOn}`
  return { isDue, tell }

  function isDue(change: Change): boolean {
    return hasExpiredMeanwhile(change, now()) && !told.has(nameOf(change))
  }

  async function tell(change: Change): Promise<void> {
    if (!isDue(change)) return
    await store.cardFellBehind(change.id)
    told.add(nameOf(change))
  }
}
