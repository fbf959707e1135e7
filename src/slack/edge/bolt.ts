import { App, type Logger } from '@slack/bolt'
import { WebClient } from '@slack/web-api'
import type { GivingUp } from '../calls/giving-up.ts'
import { createRests, type Rests } from '../calls/rests.ts'
import { createSender } from '../calls/sender.ts'
import { identify, type OnAnswer, optionsFor } from '../calls/web-api.ts'
import type { Line } from '../link/line.ts'
import { type Counted, type Links, type Patience, type Traffic, watched } from '../link/watched-deliveries.ts'
import { answeringErrors } from './edge.ts'
import { unfoldMore } from './unfold.ts'
import { ackedAtLast } from './unhandled.ts'
import { createUntold } from './untold.ts'

type Options = {
  botToken: string
  apiUrl: string | null
  /** Slack's way to the app. */
  line: Line
  /** Counts on from here. */
  traffic: Counted
  logger: Logger
  now?: () => Date
  /** A clock in milliseconds that nobody can set; the process's own unless given. */
  ticks?: (() => number) | undefined
  patience?: Partial<Patience> | undefined
  /** Kept from one attempt to start to the next, so that Slack's requests to be left alone hold for all of them. */
  rests?: Rests
  givingUp?: GivingUp
}

export type Reach = Traffic & { readonly listening: boolean; readonly links: Links | null }

/**
 * A Bolt app that does not listen yet. Each call of Slack's web API is made once and never repeated by itself: catch-up
 * repeats what is safe to repeat, when it is due. Throws a Slack error if the bot token is not accepted, and a Refusal
 * if it is not a bot's, or if the app-level token is not accepted.
 */
export async function createBolt({ botToken, apiUrl, line, traffic, logger, now, ticks, patience, ...given }: Options) {
  let told: OnAnswer = () => {}
  const { rests = createRests(ticks), givingUp } = given
  const clientOptions = optionsFor(apiUrl, logger, { onAnswer: (answered) => told(answered), rests, givingUp })
  let asking: Promise<unknown> | null = null
  const [installation] = await Promise.all([identify(new WebClient(botToken, clientOptions)), line.check()])
  const receiver = ackedAtLast(watched(line.end(), patience, undefined, traffic), logger)
  const bolt = new App({
    token: botToken,
    botId: installation.botId,
    botUserId: installation.botUserId,
    tokenVerificationEnabled: false,
    deferInitialization: true,
    convoStore: false,
    receiver,
    clientOptions,
    logger,
  })
  await bolt.init()
  const untold = createUntold({
    post: (channel, text) => bolt.client.chat.postMessage({ channel, text }),
    reached: async () => void (await bolt.client.auth.test()),
    now: now ?? (() => new Date()),
    ticks: ticks ?? (() => performance.now()),
    log: logger,
  })
  bolt.use(unfoldMore)
  bolt.use(answeringErrors(untold))
  return {
    bolt,
    installation,
    start: () => bolt.start(),
    stop,
    reach,
    hear,
    isLetIn,
    sender: createSender({ rests, ...(ticks && { ticks }) }),
    tellUntold: untold.tell,
  }

  /** How Slack reaches the app, as far as this process knows. */
  function reach(): Reach {
    return { listening: receiver.isListening(), ...receiver.traffic(), links: receiver.links() }
  }

  /** From now on, calls `onAnswer` with the result of each call with the bot token. */
  function hear(onAnswer: OnAnswer): void {
    told = onAnswer
  }

  /** Asks, so that whoever hears the answers learns it; callers meanwhile wait for the same answer. */
  async function isLetIn(): Promise<void> {
    asking ??= bolt.client.auth
      .test()
      .catch(() => {})
      .finally(() => {
        asking = null
      })
    await asking
  }

  /** Takes no more deliveries, and resolves once those under way are done. */
  async function stop(): Promise<void> {
    await bolt.stop()
    await receiver.idle()
    untold.stop()
  }
}
