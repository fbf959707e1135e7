/** So many requests already wait for their turn that another would not be sent for a good while. */
export class TooManyWaiting extends Error {
  override name = 'TooManyWaiting'
}

export type Wanted = {
  /** Goes before all others without this, and is never turned away: an approved change waits for it. */
  readonly first?: boolean
  /** Has waited before, so it is not turned away now. */
  readonly again?: boolean
  /** Nobody waits for it after this, by `performance.now()`: then it takes no turn. */
  readonly until?: number
}

type Options = {
  readonly perSecond: number
  readonly mostWaiting: number
  /** How many processes share these turns, as far as is known now; one unless given. */
  readonly sharedBy?: () => number
}

/**
 * Gives turns: at most so many in any second, `first` before others, each in the order they came. Uses a clock that
 * nobody can set: setting one back would delay every turn by as much. Throws TooManyWaiting.
 */
export function createTurns({ perSecond: forAll, mostWaiting, sharedBy = () => 1 }: Options) {
  const given: number[] = []
  const first: Waiting[] = []
  const others: Waiting[] = []
  let isAsleep = false

  return async function turn(wanted: Wanted = {}): Promise<void> {
    if (!wanted.first && !wanted.again && others.length >= mostWaiting) throw new TooManyWaiting()
    await new Promise<void>((go) => {
      ;(wanted.first ? first : others).push({ go, until: wanted.until ?? Number.POSITIVE_INFINITY })
      giveTurns()
    })
  }

  function giveTurns(): void {
    const perSecond = forAll / sharedBy()
    const most = Math.max(1, Math.floor(perSecond))
    const interval = (1000 * most) / perSecond
    while (given.length > most) given.shift()
    for (let next = waiting(); next; next = waiting()) {
      const now = performance.now()
      const wait = given.length < most ? 0 : given[0]! + interval - now
      if (wait > 0) {
        if (!isAsleep) setTimeout(goOn, Math.ceil(wait))
        isAsleep = true
        return
      }
      if (given.push(now) > most) given.shift()
      next.shift()!.go()
    }
  }

  function goOn(): void {
    isAsleep = false
    giveTurns()
  }

  /** The queue whose turn it is, without those that nobody waits for any more. */
  function waiting(): Waiting[] | undefined {
    const now = performance.now()
    for (const queue of [first, others]) while (queue[0] && queue[0].until <= now) queue.shift()
    return [first, others].find((queue) => queue.length > 0)
  }
}

type Waiting = { readonly go: () => void; readonly until: number }
