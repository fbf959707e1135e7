const shortestMs = 1_000
const longestMs = 30_000

/**
 * How long to wait, in milliseconds, after that many failures in a row: twice as long each time, up to half a minute,
 * and reduced by `chance` (from 0 to 1) to as little as half, so that many apps stopped by one outage do not come back
 * at the same moment.
 */
export function pauseAfter(failures: number, chance: number): number {
  return Math.min(longestMs, shortestMs * 2 ** (failures - 1)) * (0.5 + chance / 2)
}
