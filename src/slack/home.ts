import type { App } from '@slack/bolt'
import { mayDecide, type Policy } from '../domain/policy.ts'
import type { Store, StoredChange } from '../ports.ts'
import { permalink } from './chat.ts'
import { homeView, type ListedChange } from './views/home.ts'

type Deps = {
  bolt: App
  store: Store
  teamUrl: string
  policyFor: (stack: string) => Policy
  titleOf: (stack: string) => Promise<string>
}

/** App Home: what this is, your open changes, and those that wait for you. Drawn anew whenever somebody opens it. */
export function registerHome({ bolt, store, teamUrl, policyFor, titleOf }: Deps): void {
  bolt.event('app_home_opened', async ({ event, client }) => {
    if (event.tab !== 'home') return
    await client.views.publish({ user_id: event.user, view: await draw(event.user) })
  })

  async function draw(person: string) {
    const open = await store.openChanges()
    const mine = open.filter(({ change }) => change.requester === person)
    const toDecide = open.filter((stored) => waitsFor(stored, person))
    return homeView({ mine: await listed(mine), toDecide: await listed(toDecide) })
  }

  function listed(changes: readonly StoredChange[]): Promise<ListedChange[]> {
    return Promise.all(
      changes.map(async (stored) => ({
        stored,
        policy: policyFor(stored.change.stack),
        stackTitle: await titleOf(stored.change.stack),
        link: stored.card && permalink(teamUrl, stored.card),
      })),
    )
  }

  function waitsFor({ change }: StoredChange, person: string): boolean {
    const decided = change.approvals.some((approval) => approval.by === person)
    return change.status === 'pending' && !decided && mayDecide(policyFor(change.stack), person, change)
  }
}
