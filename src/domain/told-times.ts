/**
 * How two times lie that a stack tells of the same token, in milliseconds: what it stored first, or that nobody can tell. It may tell
 * one in whole seconds and the other not.
 */
export function orderOf(one: number, other: number): 'before' | 'same' | 'after' | 'unclear' {
  if (one === other) return 'same'
  const isRounded = isWhole(one) !== isWhole(other) && secondOf(one) === secondOf(other)
  if (isRounded) return 'unclear'
  return one < other ? 'before' : 'after'
}

function isWhole(time: number): boolean {
  return time % 1000 === 0
}

function secondOf(time: number): number {
  return Math.floor(time / 1000)
}
