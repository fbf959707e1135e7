import { monitorEventLoopDelay } from 'node:perf_hooks'

/** What a program went through since it was asked last. */
export type Strain = {
  /** The longest time that its event loop did not turn, in milliseconds. */
  readonly longestBlockMs: number
  /** The most that it worked between two turns, in milliseconds: without what it waited for a disk, or for other programs. */
  readonly longestWorkMs: number
  /** How much of one core it took, in percent. */
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
  // A loop that turns at once is measured as `resolution`: how long the timer was to sleep.
  const longestBlockMs = Math.max(0, delay.max / 1e6 - resolutionMs)
  const longestWorkMs = worked
  worked = 0
  delay.reset()
  since = { cpu: process.cpuUsage(), at: performance.now() }
  return { longestBlockMs, longestWorkMs, corePercent: (user + system) / 10 / ms }
}
