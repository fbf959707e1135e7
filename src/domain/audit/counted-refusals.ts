import { z } from 'zod'
import { canonicalJson } from '../canonical.ts'
import type { Entry } from './chain-check.ts'
import { fact, type Refused } from './fact.ts'
import type { Find } from './finding.ts'

/** The identity of a counted refusal: who was refused what, on which change, and why. */
export const countedRefusal = z.object({
  actor: z.string(),
  changeId: z.number().int().nullable(),
  attempted: z.string(),
  code: z.string(),
  why: z.string(),
})
export type CountedRefusal = z.infer<typeof countedRefusal>

/** The text that it is counted under. */
export function keyOfRefusal({ actor, changeId, attempted, code, why }: CountedRefusal): string {
  return canonicalJson({ actor, changeId, attempted, code, why })
}

const factor = 10

/**
 * True if the log records the count at this point: at 10, 100, 1000 … A flood adds few entries, and little of it can be
 * hidden.
 */
export function isTold(times: number): boolean {
  let told = factor
  while (told < times) told *= factor
  return told === times
}

/** How far a count had come, as entry `seq` of the log says. */
export type ToldCount = { readonly key: string; readonly since: string; readonly times: number; readonly seq: number }

/** Compares the result of each count with what the log says about it. */
export function createCountCheck(wrong: Find) {
  const going = new Map<string, ToldCount>()
  return {
    feed,
    /** Counts that no entry sums up. */
    open: (): ToldCount[] => [...going.values()],
    compare,
  }

  function feed(entry: Entry): void {
    if (entry.type !== 'refused' || !entry.body.includes('"again"')) return
    try {
      count(entry)
    } catch {
      wrong(entry.seq, "is marked as refused, but can't be read as that")
    }
  }

  function count({ seq, actor, changeId, type, body }: Entry): void {
    const { again, ...refused } = fact.parse({ ...JSON.parse(body), type }) as Refused
    if (!again) return
    const key = keyOfRefusal({ ...refused, actor, changeId })
    const { since, times, goesOn } = again
    const place = `${since} ${key}`
    const told = going.get(place)
    if (goesOn) going.set(place, { key, since, times, seq })
    else {
      if (told && isOtherThan(told.times, times))
        wrong(seq, `sums up ${times} refusals, but #${told.seq} had ${told.times}`)
      going.delete(place)
    }
  }

  /** `found`: the count in the database; undefined if it has none. */
  function compare({ times, seq }: ToldCount, found: number | undefined): void {
    if (found !== undefined && !isOtherThan(times, found)) return
    const now = found === undefined ? 'none' : `${found}`
    wrong(seq, `counts ${times} refusals that no later entry sums up, but the database counts ${now}`)
  }
}

/** With more, the log would have an entry again. */
function isOtherThan(told: number, times: number): boolean {
  return times < told || times >= told * factor
}
