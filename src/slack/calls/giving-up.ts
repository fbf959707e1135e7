import { GivenUp } from './said.ts'

export type GivingUp = ReturnType<typeof createGivingUp>

/** Ten times as long as most of Slack's answers take. */
const usualGraceMs = 1_000

/**
 * Keeps a stop short: from `giveUp` on, no answer of Slack's is waited for longer than `graceMs`, and once one did not
 * come, nothing more is asked. While Slack answers, people who wait for something else are still told.
 */
export function createGivingUp(graceMs = usualGraceMs) {
  const waiting = new Set<{ readonly since: number; readonly end: () => void }>()
  const unanswered = new Set<string>()
  let isOver = false
  return { giveUp, unlessOver, unanswered: (): readonly string[] => [...unanswered] }

  function giveUp(): void {
    isOver = true
    for (const { since, end } of waiting) endIn(graceMs - (performance.now() - since), end)
  }

  /** Resolves to the call's result. Throws GivenUp if it is no longer waited for. */
  async function unlessOver<T>(method: string, call: () => Promise<T>): Promise<T> {
    if (unanswered.size > 0) throw new GivenUp(method, false)
    const over = Promise.withResolvers<never>()
    const end = () => {
      if (!waiting.has(one)) return
      unanswered.add(method)
      over.reject(new GivenUp(method, true))
    }
    const one = { since: performance.now(), end }
    waiting.add(one)
    if (isOver) endIn(graceMs, end)
    try {
      return await Promise.race([call(), over.promise])
    } finally {
      waiting.delete(one)
    }
  }

  function endIn(ms: number, end: () => void): void {
    setTimeout(end, Math.max(0, ms)).unref()
  }
}
