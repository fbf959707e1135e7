import { isDefiniteNo } from '../domain/outside-trouble.ts'

/** Whoever lets the app do again what it may not has to wait for it no longer than that. */
const longestMs = 3_600_000

type No = { readonly why: string; readonly count: number; readonly since: number; readonly until: number }

/**
 * What a service has said a definite no to, of each change by step. Asked again, it says the same until somebody sees to it, so
 * that it is asked later and later, and who runs the app is told once.
 */
export function createNoes(now: () => Date) {
  const noes = new Map<number, Map<string, No>>()
  return { isPutOff, note, end, askAgain }

  function isPutOff(id: number, step: string): boolean {
    const no = noes.get(id)?.get(step)
    const at = now().getTime()
    // Before it was said, the clock was set back.
    return no !== undefined && at >= no.since && at < no.until
  }

  /** Takes what a step has thrown. False when it is a no that who runs the app has been told of. */
  function note(id: number, step: string, error: unknown): boolean {
    const before = noes.get(id)?.get(step)
    if (!isDefiniteNo(error)) return true
    const { message: why } = error
    const count = (before?.count ?? 0) + 1
    const since = now().getTime()
    const until = since + Math.min(1000 * 2 ** count, longestMs)
    noes.set(id, (noes.get(id) ?? new Map()).set(step, { why, count, since, until }))
    return why !== before?.why
  }

  function end(id: number, step: string): void {
    noes.get(id)?.delete(step)
    if (noes.get(id)?.size === 0) noes.delete(id)
  }

  /** Something has come of the change: there may be other things to say, and elsewhere. */
  function askAgain(id: number): void {
    for (const [step, no] of noes.get(id) ?? []) noes.get(id)?.set(step, { ...no, until: 0 })
  }
}
