import type { Change } from '../domain/change.ts'
import { personsNamed, withoutThem } from '../domain/named.ts'
import type { Chat, People, Store, StoredChange } from '../ports.ts'

type Deps = {
  store: Pick<Store, 'openChanges' | 'cardFellBehind'>
  people: Pick<People, 'obstacle'>
}

export type StillNamed = ReturnType<typeof createStillNamed>

/**
 * Leaves out of what is shown of a change whoever its rules name and who may do nothing here any more. Once it turns out that
 * somebody has left, or is back, the cards of all changes that wait for them fall behind.
 */
export function createStillNamed({ store, people }: Deps) {
  const left = new Set<string>()
  return { shown, turned, all }

  async function shown(stored: StoredChange): Promise<StoredChange> {
    const named = personsNamed(stored.change)
    const hasLeft = await Promise.all(named.map(turned))
    return {
      ...stored,
      change: withoutThem(
        stored.change,
        named.filter((_, i) => hasLeft[i]),
      ),
    }
  }

  /** Resolves to whether they have left; as far as is known, while Slack can't be asked. */
  async function turned(person: string): Promise<boolean> {
    const hasLeft = await people.obstacle(person).then(
      (why) => why !== null,
      () => left.has(person),
    )
    if (hasLeft === left.has(person)) return hasLeft
    if (hasLeft) left.add(person)
    else left.delete(person)
    for (const { change, card } of await store.openChanges())
      if (card && personsNamed(change).includes(person)) await store.cardFellBehind(change.id)
    return hasLeft
  }

  /** At start: who left while the app did not run. */
  async function all(): Promise<void> {
    const open: Change[] = (await store.openChanges()).map(({ change }) => change)
    for (const person of new Set(open.flatMap(personsNamed))) await turned(person)
  }
}

/** The same chat, naming nobody who has left. */
export function namingWhoIsHere(chat: Chat, { shown }: Pick<StillNamed, 'shown'>): Chat {
  return {
    ...chat,
    postCard: async (stored, leaving) => chat.postCard(await shown(stored), leaving),
    updateCard: async (card, stored, what) => chat.updateCard(card, await shown(stored), what),
    tellRequester: async (stored, leaving) => chat.tellRequester(await shown(stored), leaving),
  }
}
