import { randomUUID } from 'node:crypto'
import { hostname } from 'node:os'
import { Refusal } from '../domain/refusal.ts'
import type { Instance, PresenceStore } from '../ports/presence.ts'
import { version } from '../version.ts'

/** Slack takes ten connections of an app, and each instance has two. Source: slack.md §1.3. */
const mostOnSocket = 5

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
  async function seen(store: PresenceStore, me: Pick<Instance, 'isOnSocket' | 'names' | 'doubts'>) {
    all = await store.isPresent({ id, version, host: hostname(), ...me })
    const before = all
      .slice(
        0,
        all.findIndex((one) => one.id === id),
      )
      .filter(({ isOnSocket }) => isOnSocket)
    if (me.isOnSocket && before.length >= mostOnSocket) {
      await store.hasLeft(id)
      throw tooManyOnSocket(before)
    }
    return all.filter((one) => one.id !== id).flatMap(({ doubts }) => doubts)
  }
}

function tooManyOnSocket(others: readonly Instance[]): Refusal {
  const hosts = [...new Set(others.map(({ host }) => host))].join(', ')
  return new Refusal(
    'unavailable',
    `Countersign has not started: ${others.length} others use this database over Socket Mode (on ${hosts}), and Slack allows an app ten connections, two for each. ` +
      'Stop one of them, or let Slack reach all of them over HTTP (SLACK_SIGNING_SECRET instead of SLACK_APP_TOKEN).',
  )
}
