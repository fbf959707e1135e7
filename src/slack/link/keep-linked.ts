import { setTimeout as waitFor } from 'node:timers/promises'
import { pauseAfter } from '../../domain/pause.ts'
import { retryAfterMs } from '../calls/errors.ts'
import type { Hello, Link } from './link.ts'

/** A connection that stood this long was a good one, so its end is not a failure. */
export const goodAfterMs = 60_000

export type Pace = {
  /** Resolves after that many milliseconds, or at once when the signal aborts. */
  readonly wait: (ms: number, signal: AbortSignal) => Promise<unknown>
  /** From 0 to 1. */
  readonly chance: () => number
  /** Milliseconds that have passed. */
  readonly ticks: () => number
}

export const realPace: Pace = {
  wait: (ms, signal) => waitFor(ms, undefined, { signal }).catch(() => {}),
  chance: Math.random,
  ticks: () => performance.now(),
}

type Told = {
  readonly onStands: (hello: Hello) => void
  /** `wasGood`: it stood long enough for its end not to be a failure. `gone` resolves once it is closed as well. */
  readonly onOver: (reason: string | null, wasGood: boolean, gone: Promise<void>) => void
  /** Called each time a connection fails to come about. */
  readonly onFailure: (why: unknown) => void
}

export type KeptLink = {
  /**
   * Resolves once a connection stands for the first time, and keeps trying until then; rejects if it is stopped first.
   */
  start(): Promise<void>
  /** Resolves once it has said goodbye. */
  stop(): Promise<void>
}

/** Keeps one connection standing from its start until it is stopped: whenever there is none, it tries the next. */
export function keepLinked(open: () => Link, { onStands, onOver, onFailure }: Told, pace: Pace): KeptLink {
  let stopped = new AbortController()
  let current: Link | null = null
  return {
    start() {
      stopped = new AbortController()
      return new Promise((resolve, reject) => {
        run(stopped.signal, resolve).then(() => reject(new NotWanted()), reject)
      })
    },
    async stop() {
      stopped.abort()
      await current?.close()
    },
  }

  async function run(signal: AbortSignal, onFirst: () => void): Promise<void> {
    let failures = 0
    while (!signal.aborted) {
      const ended = await oneLink(signal, onFirst)
      if (signal.aborted) return
      failures = ended.wasGood ? 1 : failures + 1
      await pace.wait(Math.max(ended.askedForMs, pauseAfter(failures, pace.chance())), signal)
    }
  }

  async function oneLink(signal: AbortSignal, onFirst: () => void) {
    const link = open()
    current = link
    try {
      const hello = await link.stands
      const since = pace.ticks()
      if (!signal.aborted) {
        onStands(hello)
        onFirst()
      }
      const reason = await link.over
      const wasGood = pace.ticks() - since >= goodAfterMs
      // Giving up a connection on purpose is not a failure either.
      onOver(reason, wasGood || signal.aborted, link.gone)
      return { wasGood, askedForMs: 0 }
    } catch (why) {
      if (!signal.aborted) onFailure(why)
      return { wasGood: false, askedForMs: retryAfterMs((why as Error).cause) ?? 0 }
    }
  }
}

/** The connection was stopped before it stood. */
class NotWanted extends Error {
  override name = 'NotWanted'
}
