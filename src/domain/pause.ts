const shortestMs = 1_000
const longestMs = 30_000

/**
 * How long to wait, in milliseconds, after so many failures one after another: twice as long each time, up to half a minute, and by
 * `chance` (from 0 to 1) down to half of it, so that many apps that one outage has stopped do not come back at one moment.
 */
export function pauseAfter(failures: number, chance: number): number {
  return Math.min(longestMs, shortestMs * 2 ** (failures - 1)) * (0.5 + chance / 2)
}
