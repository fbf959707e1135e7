/** So many requests wait for their turn already that another one would not be sent in a good while. */
export class TooManyWaiting extends Error {
  override name = 'TooManyWaiting'
}

export type Wanted = {
  /** Goes before all that don't ask for this, and is never turned away: what an approved change waits for. */
  readonly first?: boolean
  /** Has waited before, and is not turned away now. */
  readonly again?: boolean
  /** Nobody waits for it after this, by `performance.now()`: then it takes no turn. */
  readonly until?: number
}

type Options = { readonly perSecond: number; readonly mostWaiting: number }

/**
 * Gives turns: at most so many within any second, first those who go first, then by when they came. By a clock that nobody
 * sets: one that is set back would hold up every turn for as long. Throws TooManyWaiting.
 */
export function createTurns({ perSecond, mostWaiting }: Options) {
  const most = Math.max(1, Math.floor(perSecond))
  const interval = (1000 * most) / perSecond
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

  /** The queue whose turn it is, without those for whom nobody waits any more. */
  function waiting(): Waiting[] | undefined {
    const now = performance.now()
    for (const queue of [first, others]) while (queue[0] && queue[0].until <= now) queue.shift()
    return [first, others].find((queue) => queue.length > 0)
  }
}

type Waiting = { readonly go: () => void; readonly until: number }
