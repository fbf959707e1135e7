import { median } from './numbers.ts'
import type { Side } from './sides.ts'

type Starts = { readonly ours: Side; readonly floor: Side; readonly forgetCompiled: () => void; readonly count: number }

/**
 * Milliseconds from the start of the process to ready, medians of starts in turns. `first` is ours as after a build or
 * an update, with nothing that Node compiled kept from an earlier start.
 */
export async function startTimes({ ours, floor, forgetCompiled, count }: Starts) {
  const times = { first: [] as number[], ours: [] as number[], floor: [] as number[] }
  for (let i = 0; i < count; i++) {
    forgetCompiled()
    times.first.push(await startTime(ours))
    times.ours.push(await startTime(ours))
    times.floor.push(await startTime(floor))
  }
  return { first: median(times.first), ours: median(times.ours), floor: median(times.floor) }
}

async function startTime(side: Side): Promise<number> {
  const running = await side.start()
  await running.stop()
  return running.readyAfterMs
}
