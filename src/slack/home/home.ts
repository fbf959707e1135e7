import type { App, BlockAction } from '@slack/bolt'
import type { LogWrites } from '../../ports/log.ts'
import type { PastReads } from '../../ports/past.ts'
import type { People } from '../../ports/people.ts'
import { lookAtEdit } from '../../workflow/looks/look-at-edit.ts'
import type { Routes } from '../edge/routes.ts'
import { actions, readEditValue, readPageValue } from '../kit/ids.ts'
import type { Homes } from './open-homes.ts'

type Deps = {
  bolt: App
  routes: Routes
  store: PastReads & LogWrites
  homes: Homes
  people: Pick<People, 'canonical'>
}

/**
 * App Home: redrawn whenever somebody opens it, turned page by page, and kept up to date while it is shown. Opening it
 * is an event, which the gate lets pass, so each person it is drawn for is checked every time: somebody who is not a
 * full member, or can't be looked up, gets the closed Home. Presses on it go through the gate like any other.
 */
export function registerHome({ bolt, routes, store, homes, people }: Deps): void {
  bolt.event('app_home_opened', async ({ event }) => {
    if (event.tab === 'home') await homes.open(await people.canonical(event.user).catch(() => event.user))
  })

  for (const turn of [actions.newer, actions.older])
    routes.pressed(turn, async ({ ack, body }) => {
      const { list, page } = readPageValue(valueIn(body))
      await ack()
      await homes.turn(body.user.id, list, page)
    })

  routes.pressed(actions.lookedAt, async ({ ack, body }) => {
    await lookAtEdit(store, readEditValue(valueIn(body)), body.user.id)
    await ack()
  })
}

function valueIn({ actions: [action] }: BlockAction): unknown {
  return action && 'value' in action ? action.value : undefined
}
