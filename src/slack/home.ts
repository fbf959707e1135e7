import type { App } from '@slack/bolt'
import type { HomeView } from '@slack/types'
import { Refusal } from '../domain/refusal.ts'
import type { Electorates } from '../workflow/electorates.ts'
import type { OpenChanges } from './open-changes.ts'
import { closedHome, homeView } from './views/home.ts'

type Deps = { bolt: App; electorates: Electorates; openChanges: OpenChanges }

/**
 * App Home: what this is, your open changes, and those that wait for you. Drawn anew whenever somebody opens it. That is an
 * event, which the gate lets pass, so whoever opens it is checked here: who is no full member, or can't be looked up, gets
 * the closed Home. What is pressed on it goes through the gate like any press.
 */
export function registerHome({ bolt, electorates, openChanges }: Deps): void {
  bolt.event('app_home_opened', async ({ event, client }) => {
    if (event.tab !== 'home') return
    const publish = (view: HomeView) => client.views.publish({ user_id: event.user, view })
    try {
      await publish(await draw(event.user))
    } catch (error) {
      await publish(closedHome(error instanceof Refusal ? error.message : notDrawn))
      if (!(error instanceof Refusal)) throw error
    }
  })

  async function draw(person: string) {
    await electorates.requireMember(person)
    const { toDecide } = await openChanges.pending(person)
    return homeView({ mine: await openChanges.mine(person), toDecide })
  }
}

/** What was drawn before may be for somebody who they are no longer, so it does not stay. */
const notDrawn = 'Countersign can not say now what is yours to see here. Open this page again in a minute.'
