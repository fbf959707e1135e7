import { type Anchors, createAnchorCheck, lastKeptBy } from './anchor-check.ts'
import { type Counts, createChainCheck, type Entry, type Keys, type Left } from './chain-check.ts'
import { type CountIn, createCountCheck } from './counted-refusals.ts'
import { type Answer, createAnswer } from './finding.ts'
import { createPutBacks, type PutBack } from './put-back.ts'
import { createReplay, type StoredChanges } from './replay.ts'

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

/** The parts of the database beside the log. */
export type Stored = StoredChanges & { readonly counted: CountIn }

type Given = {
  readonly keys: Keys
  readonly anchors: Anchors
  /** Null if there is only the log. */
  readonly stored: Stored | null
  /** Entries are left out on purpose: each can be checked by itself, and nothing can be said about the whole. */
  readonly gaps?: boolean
  /** When it is verified. */
  readonly now: Date
}

const notHeldAgainst =
  "an export that leaves entries out on purpose can't be held against anchors: verify the whole log with them"

/** Verifies a log entry by entry, in order. Its memory grows with the number of open changes, not with the log. */
export function createVerifier({ keys, anchors, stored, gaps = false, now }: Given) {
  const intact = createAnswer()
  const complete = createAnswer()
  const chain = createChainCheck(keys, intact, { gaps })
  const putBacks = createPutBacks(now, keys.current?.id ?? null, lastKeptBy(anchors ?? [], keys))
  const outside = createAnchorCheck(anchors, keys, complete, putBacks.explains)
  const replay = createReplay(stored, { ...intact, unapproved: complete.wrong })
  const counts = createCountCheck(stored?.counted ?? null, intact.wrong)
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
    end(): Verification {
      const end = chain.end()
      const anchorsMet = gaps ? 0 : outside.end(end.size)
      if (!gaps) for (const check of [replay, counts]) check.end()
      const applies = complete.answer()
      const holds = anchorsMet === 0 && applies.holds ? null : applies.holds
      const putBack = putBacks.found()
      return { intact: intact.answer(), complete: { ...applies, holds }, anchorsMet, ...end, putBack }
    },
  }
}
