/**
 * True if a stack tells of the same moment by both times, in milliseconds, as far as it tells it: it may give one in whole seconds
 * and the other not. Then only what it shows with them can say which was first.
 */
export function maybeSame(one: number, other: number): boolean {
  return isWhole(one) !== isWhole(other) && Math.floor(one / 1000) === Math.floor(other / 1000)
}

function isWhole(time: number): boolean {
  return time % 1000 === 0
}
