/**
 * True if both of a stack's times, in milliseconds, may be the same moment: one may be in whole seconds and the other
 * not. Then only the settings shown with them can say which came first.
 */
export function maybeSame(one: number, other: number): boolean {
  return isWhole(one) !== isWhole(other) && Math.floor(one / 1000) === Math.floor(other / 1000)
}

function isWhole(time: number): boolean {
  return time % 1000 === 0
}
