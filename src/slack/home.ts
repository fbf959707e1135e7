import type { App } from '@slack/bolt'
import { Refusal } from '../domain/refusal.ts'
import type { Electorates } from '../workflow/electorates.ts'
import type { OpenChanges } from './open-changes.ts'
import { closedHome, homeView } from './views/home.ts'

type Deps = { bolt: App; electorates: Electorates; openChanges: OpenChanges }

/** App Home: what this is, your open changes, and those that wait for you. Drawn anew whenever somebody opens it. */
export function registerHome({ bolt, electorates, openChanges }: Deps): void {
  bolt.event('app_home_opened', async ({ event, client }) => {
    if (event.tab !== 'home') return
    await client.views.publish({ user_id: event.user, view: await draw(event.user).catch(closed) })
  })

  async function draw(person: string) {
    await electorates.requireMember(person)
    const { toDecide } = await openChanges.pending(person)
    return homeView({ mine: await openChanges.mine(person), toDecide })
  }
}

function closed(error: unknown) {
  if (error instanceof Refusal) return closedHome(error.message)
  throw error
}
