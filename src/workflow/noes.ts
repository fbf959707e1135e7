import { inWords, isDefiniteNo, plainWordsOf } from '../domain/outside-trouble.ts'
import { Refusal } from '../domain/refusal.ts'

/** Whoever lets the app do again what it may not has to wait for it no longer than that. */
export const longestNoMs = 3_600_000

/** How many reasons are kept in mind; more may come in turn where each of them has something of its own. */
const reasons = 5

type No = {
  /** What who runs the app has been told since the step last worked. */
  readonly told: readonly string[]
  readonly count: number
  readonly since: number
  readonly until: number
  /** What a service said to it when it was tried last, in words for people; null where that was no definite no. */
  readonly said: string | null
}

/**
 * Why the steps of each change failed since they last worked, of which who runs the app is told once. A definite no of a
 * service is the same until somebody sees to it, so that it is asked later and later.
 */
export function createNoes(now: () => Date) {
  const noes = new Map<number, Map<string, No>>()
  return { isPutOff, note, end, askAgain, failing, said }

  function isPutOff(id: number, step: string): boolean {
    const no = noes.get(id)?.get(step)
    const at = now().getTime()
    // Before it was said, the clock was set back.
    return no !== undefined && at >= no.since && at < no.until
  }

  /** Takes what a step has thrown. False when who runs the app has been told so. */
  function note(id: number, step: string, error: unknown): boolean {
    const { told = [], count = 0 } = noes.get(id)?.get(step) ?? {}
    const why = alike(wordsOf(error))
    const isNew = !told.includes(why)
    const kept = isNew ? [...told, why].slice(-reasons) : told
    const said = isDefiniteNo(error) ? (plainWordsOf(error) ?? inWords(error)) : null
    noes.set(id, (noes.get(id) ?? new Map()).set(step, { told: kept, said, ...nextTry(count, error) }))
    return isNew
  }

  /** Whatever is no definite no may end at any time. */
  function nextTry(before: number, error: unknown): Pick<No, 'count' | 'since' | 'until'> {
    const since = now().getTime()
    if (!isDefiniteNo(error)) return { count: before, since, until: 0 }
    const count = before + 1
    return { count, since, until: since + Math.min(1000 * 2 ** count, longestNoMs) }
  }

  function end(id: number, step: string): void {
    noes.get(id)?.delete(step)
    if (noes.get(id)?.size === 0) noes.delete(id)
  }

  /** How many of these steps, each of one change, have failed since they last worked. */
  function failing(steps: readonly string[]): number {
    const all = [...noes.values()].flatMap((ofChange) => [...ofChange.keys()])
    return all.filter((step) => steps.includes(step)).length
  }

  function said(id: number, step: string): string | null {
    return noes.get(id)?.get(step)?.said ?? null
  }

  /** Something has come of the change: there may be other things to say, and elsewhere. */
  function askAgain(id: number): void {
    for (const [step, no] of noes.get(id) ?? []) noes.get(id)?.set(step, { ...no, until: 0 })
  }
}

function wordsOf(error: unknown): string {
  if (error instanceof Refusal) return error.noted
  return error instanceof Error ? error.message : String(error)
}

/** The same for a reason that is given again: without the id of the request, and without how long a service wants to be left alone. */
function alike(why: string): string {
  return why.replace(/\brequest id [^\s,)]+/g, 'request id').replace(/\b\d+ s\b/g, 'a while')
}
