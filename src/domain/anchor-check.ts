import { type AuditKey, type Checkpoint, checkpointOf } from './chain.ts'
import type { Entry, Keys } from './chain-check.ts'
import type { Find } from './finding.ts'

/** A checkpoint that was kept outside the database, and where it was found, in words. */
export type KeptCheckpoint = Checkpoint & { readonly from: string }

/** Null when nobody looked for any. */
export type Anchors = readonly KeptCheckpoint[] | null

type Finds = { readonly wrong: Find; readonly untold: Find }
type Trusted = { readonly size: number; readonly head: string; readonly keyed: boolean; readonly from: string }

/** Holds the log against what is known of it from outside: it must still have had those entries, and ended so. */
export function createAnchorCheck(anchors: Anchors, keys: Keys, { wrong, untold }: Finds) {
  if (anchors?.length === 0)
    untold(null, 'no anchor was found where one was looked for: none is kept before the first change has ended')
  const waiting = (anchors ?? []).flatMap((anchor) => trusted(anchor) ?? []).sort((a, b) => b.size - a.size)
  let met = 0
  return {
    /** Takes the entries in order, each with its hash. */
    feed({ seq, key }: Entry, hash: string): void {
      for (let next = waiting.at(-1); next && next.size <= seq; next = waiting.at(-1)) {
        waiting.pop()
        hold(next, key, next.size === seq ? hash : null)
      }
    },
    /** Returns how many anchors the log has met. */
    end(size: number): number {
      for (const { keyed, from, size: then } of waiting.toReversed())
        if (then === 0) met++
        else if (keyed || keys.current === null)
          wrong(size, `is the last one, but ${from} says that there were ${then}: the newest are missing`)
        else
          untold(
            size,
            `is the last one; ${from} says that there were ${then}, and was made without a key: anybody can have`,
          )
      return met
    },
  }

  function hold({ keyed, head, from, size }: Trusted, key: string | null, hash: string | null): void {
    if (!keyed && key !== null)
      untold(size, `has a key, but not what ${from} says of it: anybody can have made that up`)
    else if (size === 0 || head === hash) met++
    else wrong(size, `is not the one that ${from} says was the last then: the log was written anew`)
  }

  function trusted({ size, head, digest, from }: KeptCheckpoint): Trusted | null {
    const fits = (key: AuditKey) => checkpointOf(size, head, key).digest === digest
    const keyed = [keys.current, ...keys.earlier].some((key) => key !== null && fits(key))
    if (keyed || fits(null)) return { size, head, keyed, from }
    untold(null, `${from} was not made with a key that is at hand: it may be made up, and was not trusted`)
    return null
  }
}
