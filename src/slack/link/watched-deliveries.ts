import type { App, Receiver } from '@slack/bolt'
import { oneARound } from '../../breathe.ts'
import type { Spell } from '../../workflow/looks/door.ts'
import { type Delivery, slackWaitsMs } from './delivery.ts'
import { whileSlackWaits } from './in-time.ts'
import { type Standstill, watchStandstill } from './standstill.ts'

/** The connections to Slack, as far as this process knows. */
export type Links = {
  /** How many of this process stand. */
  readonly standing: number
  /**
   * How many the app has by Slack's last count, which includes other processes' and links that were cut without Slack
   * knowing.
   */
  readonly counted: number | null
  /** When Slack last greeted one, as an ISO instant. */
  readonly lastHello: string | null
  /** The reason one that should stand does not, and since when. */
  readonly failure: { readonly why: string; readonly since: string } | null
  /** Times when none stood, or none for longer than a moment. */
  readonly deaf: readonly Spell[]
  /** For how long that has been so now, by a clock that nobody can set; null while one stands. */
  readonly deafForMs: number | null
}

/** A receiver that knows, as far as this process can tell, whether Slack can reach the app through it. */
export type Listening = Receiver & {
  isListening(): boolean
  /** Null over HTTP, which has none. */
  links(): Links | null
}

/** In milliseconds since a delivery came. */
export type Patience = {
  /** The time by which it is acked, whatever Slack and the stacks have not answered by then. */
  readonly answerWithin: number
  /** The time after which Slack no longer waits. */
  readonly lateAfter: number
}

/** The rest of Slack's time is for the way there and back, and for a busy processor. */
const usualPatience: Patience = { answerWithin: 2_000, lateAfter: slackWaitsMs }

/** The error code of an ack over HTTP that nobody waits for any more. */
export const closedBySlack = 'countersign_closed_by_slack'

/** False if the connection it had to go over was cut meanwhile. */
async function hasLeft(ack: Promise<void>): Promise<boolean> {
  return ack.then(
    () => true,
    (error: unknown) => {
      if (isOfConnection.test(String((error as { code?: unknown }).code))) return false
      throw error
    },
  )
}

/** Source: @slack/socket-mode 3.1.0, errors. */
const isOfConnection = new RegExp(`^(slack_socket_mode_(send_while|websocket)|${closedBySlack}$)`)

/** Deliveries since the start, and how many of them this process sent an ack for. */
export type Traffic = { readonly came: number; readonly acked: number }

/** The same, still being counted. */
export type Counted = { came: number; acked: number }

/**
 * Watches every delivery that passes through a receiver: whether it was acked, so that it is answered exactly once; how
 * many were; and how many are under way, so that a stop can wait for them. Work after an ack begins once the ack is on
 * its way, one delivery after another, so that other acks go out first.
 */
export function watched(
  receiver: Listening,
  patience: Partial<Patience> = {},
  standstill = watchStandstill(),
  traffic: Counted = { came: 0, acked: 0 },
) {
  const underWay = new Set<Promise<void>>()
  const turn = oneARound()
  return {
    isListening: receiver.isListening,
    links: receiver.links,
    traffic: (): Traffic => ({ ...traffic }),
    start: (...args: Parameters<Receiver['start']>) => {
      standstill.start()
      return receiver.start(...args)
    },
    stop: () => receiver.stop().finally(standstill.stop),
    idle: async () => {
      while (underWay.size > 0) await Promise.allSettled(underWay)
    },
    init: (app: App) => {
      const processEvent: App['processEvent'] = (event) => {
        const delivery: Delivery = { acked: false, late: false, answer: undefined }
        const { answerWithin, lateAfter } = { ...usualPatience, ...patience }
        const isLate = lateness(standstill, lateAfter)
        const ack: typeof event.ack = async (response) => {
          Object.assign(delivery, { acked: true, late: isLate(), answer: response })
          if (await hasLeft(event.ack(response))) traffic.acked += 1
          else delivery.late = true
          // Slack's own reports are handled at once: the next thing somebody does may depend on them.
          if (event.body?.type !== 'event_callback') await turn()
        }
        traffic.came += 1
        const customProperties = { ...event.customProperties, delivery }
        const run = whileSlackWaits(delivery, answerWithin, () => app.processEvent({ ...event, ack, customProperties }))
        underWay.add(run)
        return run.finally(() => underWay.delete(run))
      }
      receiver.init(Object.assign(Object.create(app), { processEvent }))
    },
  }
}

/** For a delivery that is being read now: tells, when asked, whether Slack has stopped waiting for its ack. */
function lateness({ read, waitedMs }: Standstill, lateAfter: number): () => Delivery['late'] {
  const since = read()
  const before = waitedMs()
  return () => {
    const { monotonic, longest } = since.passed()
    if (monotonic >= lateAfter) return true
    return before + longest >= lateAfter ? 'perhaps' : false
  }
}
