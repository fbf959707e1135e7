import { randomUUID } from 'node:crypto'
import { hostname } from 'node:os'
import type { Instance, Named, PresenceStore } from '../ports/presence.ts'
import { version } from '../version.ts'

export type Others = ReturnType<typeof createOthers>

type Of = Pick<Instance, 'names' | 'doubts'>

/** The other processes of the app on the same database, as they were last seen. */
export function createOthers() {
  const id = randomUUID()
  const me: Named = { id, version, host: hostname(), pid: process.pid }
  let all: readonly Instance[] = []
  let lookAgain: () => Promise<unknown> = async () => {}
  return {
    me,
    seen,
    elsewhere,
    /** How many processes share what a stack lets the app have. */
    sharedBy: () => Math.max(1, all.length),
    /** True for the name of a lease that another of them holds. */
    areAtWork: (holder: string) => besides().some(({ names }) => names.includes(holder)),
    leave: (store: PresenceStore) => store.hasLeft(id),
  }

  /**
   * Says that this one is there, and looks who else is. Resolves to the changes that others doubt. `mine` is asked each time
   * that this one says so.
   */
  async function seen(store: PresenceStore, mine: () => Of): Promise<readonly number[]> {
    const look = async () => {
      all = await store.isPresent({ ...me, ...mine() })
    }
    lookAgain = look
    await look()
    return besides().flatMap(({ doubts }) => doubts)
  }

  function besides(): readonly Instance[] {
    return all.filter((one) => one.id !== id)
  }

  /** How many others there are at this moment; without the database, how many there were when they were last seen. */
  async function elsewhere(): Promise<number> {
    await lookAgain().catch(() => {})
    return besides().length
  }
}
