/** A process that can be killed: no call it has made ever returns to it then, and it makes no more. */
export function createLife() {
  const death = Promise.withResolvers<never>()
  death.promise.catch(() => {})
  let alive = true
  let untilDeath = Number.POSITIVE_INFINITY
  return {
    isAlive: () => alive,
    /** Rejects when it dies. */
    death: death.promise,
    die,
    /** Kills it once this many more of its calls have done their work, before any of them returns. */
    diesAfter: (calls: number) => {
      untilDeath = calls
    },
    within,
  }

  function die(): void {
    alive = false
    death.reject(new Killed())
  }

  /** The same functions, as long as it lives. `counts`: which of them count for `diesAfter`. */
  function within<T extends object>(api: T, counts: (name: string) => boolean = () => false): T {
    return new Proxy(api, {
      get: (target, name: string) => {
        const call = target[name as keyof T]
        return typeof call === 'function' ? (...given: unknown[]) => called(() => call(...given), counts(name)) : call
      },
    })
  }

  function called(call: () => unknown, isCounted: boolean): unknown {
    if (!alive) return never()
    const result = call()
    if (isCounted && --untilDeath <= 0) die()
    return result instanceof Promise ? result.then((value) => (alive ? value : never())) : result
  }
}

class Killed extends Error {}

export function passOverDeath(error: unknown): void {
  if (!(error instanceof Killed)) throw error
}

/** A new one each time: whatever waits for it is forgotten with it. */
function never(): Promise<never> {
  return new Promise(() => {})
}
