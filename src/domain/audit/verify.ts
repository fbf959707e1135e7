import { type Anchors, createAnchorCheck, lastKeptBy } from './anchor-check.ts'
import { type Counts, createChainCheck, type Entry, type Keys, type Left } from './chain-check.ts'
import { createCountCheck } from './counted-refusals.ts'
import { type Answer, createAnswer } from './finding.ts'
import { createPutBacks, type PutBack } from './put-back.ts'
import { createComparison, createReplay, type Led } from './replay.ts'

/** The findings about a log. */
export type Verification = {
  /** Every entry is as written, none is missing in between, and they lead to what is stored. */
  readonly intact: Answer
  /** None of the newest is missing, and everything that was applied was approved. */
  readonly complete: Answer
  /** How many anchors it was compared with. Without one, nobody can say that the newest entries are all there. */
  readonly anchorsMet: number
  readonly size: number
  readonly head: string
  /** The id of the key of the last entry. */
  readonly lastKey: string | null
  readonly counts: Counts
  /** The entries that say that the log continues without a key. */
  readonly left: readonly Left[]
  /** The entries that say that a backup was put back, and what that removed. */
  readonly putBack: readonly PutBack[]
}

type Given = {
  readonly keys: Keys
  readonly anchors: Anchors
  /** False if there is only the log. */
  readonly isStored: boolean
  /** Entries are left out on purpose: each can be checked by itself, and nothing can be said about the whole. */
  readonly gaps?: boolean
  /** When it is verified. */
  readonly now: Date
}

const notHeldAgainst =
  "an export that leaves entries out on purpose can't be checked against anchors: verify the whole log with them"

export type Verifier = ReturnType<typeof createVerifier>

/**
 * Verifies a log entry by entry, in order. Its memory grows with the number of open changes, not with the log. The caller
 * reads what is stored beside the log: see `holdAgainst` in cli/audit/hold-against.ts.
 */
export function createVerifier({ keys, anchors, isStored, gaps = false, now }: Given) {
  const intact = createAnswer()
  const complete = createAnswer()
  const chain = createChainCheck(keys, intact, { gaps })
  const putBacks = createPutBacks(now, keys.current?.id ?? null, lastKeptBy(anchors ?? [], keys))
  const outside = createAnchorCheck(anchors, keys, complete, putBacks.explains)
  const ended: Led[] = []
  const replay = createReplay({ ...intact, unapproved: complete.wrong }, (led) => isStored && ended.push(led))
  const counts = createCountCheck(intact.wrong)
  let log: { end: ReturnType<typeof chain.end>; anchorsMet: number } | undefined
  if (gaps && anchors !== null) complete.untold(null, notHeldAgainst)
  return {
    /** Adds anything else wrong with the log, apart from its entries. */
    wrong: intact.wrong,
    /** Adds any other reason that nobody can call it complete. */
    untold: complete.untold,
    feed(entry: Entry, previous?: string): void {
      const hash = chain.feed(entry, previous)
      putBacks.feed(entry)
      if (gaps) return
      outside.feed(entry, hash)
      replay.feed(entry)
      counts.feed(entry)
    },
    /** Changes that ended since the last call, each to be compared with what is stored. */
    ended: (): readonly Led[] => ended.splice(0),
    /** Changes still open, to be compared once the log has ended. */
    open: replay.open,
    changes: createComparison(intact.wrong),
    counts: { open: counts.open, compare: counts.compare },
    logEnded,
    end(): Verification {
      const { end, anchorsMet } = logEnded()
      const applies = complete.answer()
      const holds = anchorsMet === 0 && applies.holds ? null : applies.holds
      const putBack = putBacks.found()
      return { intact: intact.answer(), complete: { ...applies, holds }, anchorsMet, ...end, putBack }
    },
  }

  /** Call it before the last comparisons, so that findings about the log itself come first. */
  function logEnded() {
    if (log) return log
    const end = chain.end()
    log = { end, anchorsMet: gaps ? 0 : outside.end(end.size) }
    return log
  }
}
