import type { WebClient } from '@slack/web-api'
import { slackErrorName } from '../calls/errors.ts'
import { limitOf } from '../calls/rests.ts'
import type { Sender } from '../calls/sender.ts'
import { publishHome } from '../calls/views.ts'
import type { DrawnHome } from './draw-home.ts'

type Deps = { client: WebClient; sender: Pick<Sender, 'send'>; log: { warn: (fields: object, text: string) => void } }

/** Slack's ways to say that it does not take a block there. */
const refused = ['invalid_blocks', 'invalid_arguments']

/** Publishes App Homes with a table as long as Slack takes one there, otherwise without. Throws Slack's answer. */
export function createPublishHome({ client, sender, log }: Deps) {
  let tables = true
  return async (person: string, { view }: DrawnHome): Promise<void> => {
    if (!tables) return publish(person, view, false)
    try {
      await publish(person, view, true)
    } catch (error) {
      if (!refused.includes(slackErrorName(error) ?? '')) throw error
      await publish(person, view, false)
      tables = false
      log.warn(
        { err: error },
        'Slack does not accept a table on App Home, so it is drawn without one until the next start.',
      )
    }
  }

  async function publish(person: string, view: DrawnHome['view'], tables: boolean): Promise<void> {
    const home = view({ tables })
    const send = () => sender.send(limitOf('views.publish'), 'home', () => publishHome(client, person, home))
    // Another publish came between. This one is drawn from what is known now, and without a hash it replaces any other.
    await send().catch((error: unknown) => {
      if (slackErrorName(error) !== 'hash_conflict') throw error
      return send()
    })
  }
}
