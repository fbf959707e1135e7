import { GivenUp } from './said.ts'

export type GivingUp = ReturnType<typeof createGivingUp>

/** Slack answers most calls in a tenth of that. */
const usualGraceMs = 1_000

/**
 * For a stop, which is not to take long: from `giveUp` on, no answer of Slack's is waited for longer than `graceMs`, and once one
 * did not come, nothing more is asked. While Slack answers, whoever waits for something else is still told.
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

  /** What the call resolves to. Throws GivenUp where that is not waited for. */
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
