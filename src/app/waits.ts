import { setTimeout as wait } from 'node:timers/promises'
import { endOf } from '../domain/outside-trouble.ts'
import { pauseAfter } from '../domain/pause.ts'
import { retryAfterMs } from '../slack/calls/errors.ts'

/** Resolves after that many milliseconds, and rejects as soon as the signal aborts. */
export type Pause = (ms: number, signal: AbortSignal) => Promise<unknown>

const realPause: Pause = (ms, signal) => wait(ms, undefined, { signal })

type Options = {
  /** Ends the waiting at once. */
  readonly signal: AbortSignal
  /** Called before each pause of that many milliseconds, with everything that is in the way. */
  readonly onWait: (reasons: readonly Error[], ms: number) => void
  readonly pause?: Pause
}

/**
 * Tries `attempt` again as long as only outages are in the way, and not before Slack takes calls again. Throws any
 * other error, and the signal's reason once it aborts.
 */
export async function throughOutages<T>(
  attempt: () => Promise<T>,
  { signal, onWait, pause = realPause }: Options,
): Promise<T> {
  for (let tries = 0; ; tries++)
    try {
      return await unlessStopped(attempt(), signal)
    } catch (error) {
      const reasons = reasonsOf(error)
      if (!reasons.every((reason) => endOf(reason) === 'itself')) throw error
      const rests = reasons.map((reason) => retryAfterMs(reason) ?? 0)
      const ms = Math.max(pauseAfter(tries + 1, Math.random()), ...rests)
      onWait(reasons as Error[], ms)
      await pause(ms, signal)
    }
}

/** Rejects with the reason of the signal as soon as it aborts. */
export function unlessStopped<T>(under: Promise<T>, signal: AbortSignal): Promise<T> {
  signal.throwIfAborted()
  return new Promise((resolve, reject) => {
    const stop = () => reject(signal.reason)
    signal.addEventListener('abort', stop, { once: true })
    under.then(resolve, reject).finally(() => signal.removeEventListener('abort', stop))
  })
}

function reasonsOf(error: unknown): readonly unknown[] {
  return error instanceof AggregateError ? error.errors.flatMap(reasonsOf) : [error]
}

/** Waits for the others when one fails. Throws the error, or an AggregateError for more than one. */
export async function allOrEveryReason<T extends readonly Promise<unknown>[]>(...under: T) {
  const reasons = (await Promise.allSettled(under)).flatMap((one) => (one.status === 'rejected' ? [one.reason] : []))
  if (reasons.length > 1) throw new AggregateError(reasons)
  return Promise.all(under)
}
