import type { App } from '@slack/bolt'
import { obstacle } from '../domain/electorate.ts'
import { Refusal } from '../domain/refusal.ts'
import type { Store, StoredChange } from '../ports.ts'
import type { Electorates } from '../workflow/electorates.ts'
import { permalink } from './permalink.ts'
import { closedHome, homeView, type ListedChange } from './views/home.ts'

type Deps = {
  bolt: App
  store: Store
  electorates: Electorates
  teamUrl: string
  titleOf: (stack: string) => Promise<string>
}

/** App Home: what this is, your open changes, and those that wait for you. Drawn anew whenever somebody opens it. */
export function registerHome({ bolt, store, electorates, teamUrl, titleOf }: Deps): void {
  bolt.event('app_home_opened', async ({ event, client }) => {
    if (event.tab !== 'home') return
    await client.views.publish({ user_id: event.user, view: await draw(event.user).catch(closed) })
  })

  async function draw(person: string) {
    await electorates.requireMember(person)
    const open = await store.openChanges()
    const mine = open.filter(({ change }) => change.requester === person)
    const waits = await Promise.all(open.map((stored) => waitsFor(stored, person)))
    return homeView({ mine: await listed(mine), toDecide: await listed(open.filter((_, i) => waits[i])) })
  }

  function listed(changes: readonly StoredChange[]): Promise<ListedChange[]> {
    return Promise.all(
      changes.map(async (stored) => ({
        stored,
        stackTitle: await titleOf(stored.change.stack),
        link: stored.card && permalink(teamUrl, stored.card),
      })),
    )
  }

  async function waitsFor({ change }: StoredChange, person: string): Promise<boolean> {
    const decided = change.approvals.some((approval) => approval.by === person)
    if (change.status !== 'pending' || decided) return false
    const electorate = await electorates.forChange(change, person)
    return electorate.forbidden === null && obstacle(change, person, electorate) === null
  }
}

function closed(error: unknown) {
  if (error instanceof Refusal) return closedHome(error.message)
  throw error
}
