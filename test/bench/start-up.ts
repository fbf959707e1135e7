import { alice } from '../support/world.ts'
import { ackTime } from './latency.ts'
import { median } from './numbers.ts'
import type { Side } from './sides.ts'

type Starts = { readonly ours: Side; readonly floor: Side; readonly forgetCompiled: () => void; readonly count: number }

/**
 * Milliseconds from the start of the process to ready, and from a command sent at that moment to its ack; medians of
 * starts in turns. `first` is ours as after a build or an update, with nothing that Node compiled kept from an earlier
 * start.
 */
export async function startTimes({ ours, floor, forgetCompiled, count }: Starts) {
  const times = { first: [] as Start[], ours: [] as Start[], floor: [] as Start[] }
  for (let i = 0; i < count; i++) {
    forgetCompiled()
    times.first.push(await startOf(ours))
    times.ours.push(await startOf(ours))
    times.floor.push(await startOf(floor))
  }
  const [first, own, bare] = [times.first, times.ours, times.floor].map(medians)
  return { first: first!.ready, ours: own!.ready, floor: bare!.ready, firstAck: { ours: own!.ack, floor: bare!.ack } }
}

type Start = { readonly ready: number; readonly ack: number }

async function startOf(side: Side): Promise<Start> {
  const running = await side.start()
  const ack = ackTime(await side.slack.as(alice).command('/token help'))
  await running.stop()
  return { ready: running.readyAfterMs, ack }
}

function medians(starts: readonly Start[]): Start {
  return { ready: median(starts.map(({ ready }) => ready)), ack: median(starts.map(({ ack }) => ack)) }
}
