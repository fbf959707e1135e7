import { retryAfterMs } from './errors.ts'
import type { Rests } from './rests.ts'
import { SlackBusy } from './said.ts'

/**
 * The order if not all can go at once: first changes' statuses, then words to people, then Homes, then what nobody
 * waits for.
 */
export const worths = ['decision', 'word', 'home', 'record'] as const
export type Worth = (typeof worths)[number]

type Job = { readonly worth: Worth; readonly call: () => Promise<void>; readonly drop: (why: Error) => void }
type Lane = { readonly waiting: Job[]; underWay: number; timer?: NodeJS.Timeout | undefined }

const atOnce = 4
/** A clock may have run on while the machine slept. */
const longestWaitMs = 1000
const minuteMs = 60_000
/** Slack lets an app edit fifty messages a minute, and decisions need their share. Source: slack.md §2. */
const redrawsAMinute = 20

type Deps = { readonly rests: Rests; readonly ticks?: () => number }

export type Sender = ReturnType<typeof createSender>

/**
 * Everything that is posted, edited and published goes through here. Of calls under the same limit, the most important
 * goes first. While Slack wants a pause for that limit, calls wait here, and those that Slack refused as too many are
 * sent again.
 */
export function createSender({ rests, ticks = () => performance.now() }: Deps) {
  const lanes = new Map<string, Lane>()
  const redrawn: number[] = []
  let stopped = false
  return { send, hasRoom, stop }

  function send<T>(limit: string, worth: Worth, call: () => Promise<T>): Promise<T> {
    return new Promise<T>((resolve, reject) => {
      const lane = laneOf(limit)
      put(lane, { worth, call: async () => resolve(await call()), drop: reject })
      pump(limit, lane)
    })
  }

  /**
   * True if nothing waits under this limit and a card that only mentions other changes may be redrawn; counts as one
   * redraw.
   */
  function hasRoom(limit: string): boolean {
    const since = ticks() - minuteMs
    while (redrawn[0] !== undefined && redrawn[0] <= since) redrawn.shift()
    if (lanes.has(limit) || rests.left(limit) > 0 || redrawn.length >= redrawsAMinute) return false
    redrawn.push(ticks())
    return true
  }

  /** From now on, anything that would have to wait for Slack is dropped. */
  function stop(): void {
    stopped = true
    for (const [limit, lane] of lanes) pump(limit, lane)
  }

  function laneOf(limit: string): Lane {
    const lane = lanes.get(limit) ?? { waiting: [], underWay: 0 }
    lanes.set(limit, lane)
    return lane
  }

  function pump(limit: string, lane: Lane): void {
    while (lane.waiting.length > 0 && lane.underWay < atOnce && rests.left(limit) === 0)
      void run(limit, lane, lane.waiting.shift()!)
    if (lane.waiting.length > 0 && lane.underWay < atOnce) pause(limit, lane, rests.left(limit))
    if (lane.waiting.length === 0 && lane.underWay === 0) lanes.delete(limit)
  }

  function pause(limit: string, lane: Lane, ms: number): void {
    clearTimeout(lane.timer)
    if (stopped) for (const { drop } of lane.waiting.splice(0)) drop(new SlackBusy(limit, Math.ceil(ms / 1000)))
    else lane.timer = setTimeout(() => pump(limit, lane), Math.min(ms, longestWaitMs))
  }

  async function run(limit: string, lane: Lane, job: Job): Promise<void> {
    lane.underWay += 1
    try {
      await job.call()
    } catch (error) {
      const isToWait = retryAfterMs(error) !== null && rests.left(limit) > 0
      if (isToWait) put(lane, job, 'first')
      else job.drop(error as Error)
    }
    lane.underWay -= 1
    pump(limit, lane)
  }
}

/** Behind others worth as much, or ahead of them if it has waited already. */
function put({ waiting }: Lane, job: Job, where: 'first' | 'last' = 'last'): void {
  const worth = worths.indexOf(job.worth) + (where === 'first' ? -1 : 0)
  const at = waiting.findIndex((other) => worths.indexOf(other.worth) > worth)
  waiting.splice(at < 0 ? waiting.length : at, 0, job)
}
