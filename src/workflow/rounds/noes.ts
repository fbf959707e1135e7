import { inWords, isDefiniteNo, plainWordsOf } from '../../domain/outside-trouble.ts'
import { Refusal } from '../../domain/refusal.ts'

/** The longest wait for a new try after somebody has given the app back a permission, in milliseconds. */
export const longestNoMs = 3_600_000

/** The most reasons remembered; more may alternate if each contains something of its own. */
const reasons = 5

type No = {
  /** The reasons reported to whoever runs the app since the step last worked. */
  readonly told: readonly string[]
  readonly count: number
  readonly since: number
  readonly until: number
  /** A service's answer to the last try, in words for people; null if that was no definite no. */
  readonly said: string | null
}

/**
 * The reasons the steps of each change failed since they last worked; whoever runs the app is told each once. A
 * definite no stays until somebody acts on it, so the service is asked later and later.
 */
export function createNoes(now: () => Date) {
  const noes = new Map<number, Map<string, No>>()
  return { isPutOff, note, end, askAgain, failing, said }

  function isPutOff(id: number, step: string): boolean {
    const no = noes.get(id)?.get(step)
    const at = now().getTime()
    // If it is earlier than that, the clock was set back.
    return no !== undefined && at >= no.since && at < no.until
  }

  /** Takes a step's error. False if whoever runs the app has been told this already. */
  function note(id: number, step: string, error: unknown): boolean {
    const { told = [], count = 0 } = noes.get(id)?.get(step) ?? {}
    const why = alike(wordsOf(error))
    const isNew = !told.includes(why)
    const kept = isNew ? [...told, why].slice(-reasons) : told
    const said = isDefiniteNo(error) ? (plainWordsOf(error) ?? inWords(error)) : null
    noes.set(id, (noes.get(id) ?? new Map()).set(step, { told: kept, said, ...nextTry(count, error) }))
    return isNew
  }

  /** Any other failure may end at any time. */
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

  /** The number of these steps, each of one change, that have failed since they last worked. */
  function failing(steps: readonly string[]): number {
    const all = [...noes.values()].flatMap((ofChange) => [...ofChange.keys()])
    return all.filter((step) => steps.includes(step)).length
  }

  function said(id: number, step: string): string | null {
    return noes.get(id)?.get(step)?.said ?? null
  }

  /** The change has moved on: other things may be wrong now, in other places. */
  function askAgain(id: number): void {
    for (const [step, no] of noes.get(id) ?? []) noes.get(id)?.set(step, { ...no, until: 0 })
  }
}

function wordsOf(error: unknown): string {
  if (error instanceof Refusal) return error.noted
  return error instanceof Error ? error.message : String(error)
}

/**
 * The same text for a repeated reason: without the id of the request, and without how long a service asks for a rest.
 */
function alike(why: string): string {
  return why.replace(/\brequest id [^\s,)]+/g, 'request id').replace(/\b\d+ s\b/g, 'a while')
}
