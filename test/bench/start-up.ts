import { median } from './numbers.ts'
import type { Side } from './sides.ts'

/** Milliseconds from the start of the process to ready: medians of starts in turns, after one that is not counted. */
export async function startTimes({ ours, floor }: { ours: Side; floor: Side }, starts: number) {
  const times = { ours: [] as number[], floor: [] as number[] }
  for (let i = 0; i <= starts; i++) {
    const took = { ours: await startTime(ours), floor: await startTime(floor) }
    if (i === 0) continue
    times.ours.push(took.ours)
    times.floor.push(took.floor)
  }
  return { ours: median(times.ours), floor: median(times.floor) }
}

async function startTime(side: Side): Promise<number> {
  const running = await side.start()
  await running.stop()
  return running.readyAfterMs
}
