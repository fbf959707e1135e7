import { monitorEventLoopDelay } from 'node:perf_hooks'

/** The strain on a program since it was last asked. */
export type Strain = {
  /** The longest time that its event loop did not turn, in milliseconds. */
  readonly longestBlockMs: number
  /** The longest it worked between two turns, in milliseconds, not counting waits for a disk or for other programs. */
  readonly longestWorkMs: number
  /** Its share of one core, in percent. */
  readonly corePercent: number
}

/** Preloaded into a program: answers each message with its strain. */
const resolutionMs = 5
const delay = monitorEventLoopDelay({ resolution: resolutionMs })
let worked = 0
let before = process.threadCpuUsage()
let since = { cpu: process.cpuUsage(), at: performance.now() }

process.on('message', () => {
  // The turn that is still under way counts too.
  setTimeout(() => process.send!(taken()), 4 * resolutionMs)
})
delay.enable()
process.channel!.unref()
setInterval(() => {
  const { user, system } = process.threadCpuUsage(before)
  worked = Math.max(worked, (user + system) / 1000)
  before = process.threadCpuUsage()
}, resolutionMs).unref()

function taken(): Strain {
  const { user, system } = process.cpuUsage(since.cpu)
  const ms = performance.now() - since.at
  // Even a loop that turns at once measures `resolution`, the time the timer was meant to sleep.
  const longestBlockMs = Math.max(0, delay.max / 1e6 - resolutionMs)
  const longestWorkMs = worked
  worked = 0
  delay.reset()
  since = { cpu: process.cpuUsage(), at: performance.now() }
  return { longestBlockMs, longestWorkMs, corePercent: (user + system) / 10 / ms }
}
