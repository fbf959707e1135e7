import { randomUUID } from 'node:crypto'
import { hostname } from 'node:os'
import type { Instance, PresenceStore } from '../ports/presence.ts'
import { version } from '../version.ts'

export type Others = ReturnType<typeof createOthers>

/** The other processes of the app on the same database, as they were last seen. */
export function createOthers() {
  const id = randomUUID()
  let all: readonly Instance[] = []
  return {
    seen,
    /** How many processes share what a stack lets the app have. */
    sharedBy: () => Math.max(1, all.length),
    /** True for the name of a lease that another of them holds. */
    areAtWork: (holder: string) => all.some((one) => one.id !== id && one.names.includes(holder)),
    leave: (store: PresenceStore) => store.hasLeft(id),
  }

  /** Says that this one is there, and looks who else is. Resolves to the changes that others doubt. */
  async function seen(store: PresenceStore, me: Pick<Instance, 'names' | 'doubts'>): Promise<readonly number[]> {
    all = await store.isPresent({ id, version, host: hostname(), ...me })
    return all.filter((one) => one.id !== id).flatMap(({ doubts }) => doubts)
  }
}
