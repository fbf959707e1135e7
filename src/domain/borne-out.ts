import { entryHash } from './chain.ts'
import type { Entry, Keys } from './chain-check.ts'
import type { Change } from './change.ts'
import { createAnswer, type Find } from './finding.ts'
import { createReplay, type StoredChanges, type StoredRow } from './replay.ts'

/** The log from the entry that proposes a change to its end. */
export type LogSince = {
  /** The hash that stands before the first of `entries`. */
  readonly previous: string
  readonly entries: Iterable<Entry>
  /** What is stored beside the change. */
  readonly row: Omit<StoredRow, 'state'>
}

/**
 * Why the log does not bear out `change`; null when it does: every entry since it was asked for is attested by a key at
 * hand, none is missing between two, they lead to exactly this change, and what began to be applied was approved. With a
 * key, whoever can write the database but does not have it can't make up a change that is borne out. What was written
 * before there was a key is attested by none, so with a key it bears out nothing.
 */
export function doubtOf(change: Change, { previous, entries, row }: LogSince, keys: Keys): string | null {
  const { wrong, untold, answer } = createAnswer()
  const replay = createReplay(only(change, row), { wrong, untold, unapproved: wrong })
  const chain = followFrom(previous, keys, wrong)
  for (const entry of entries) {
    chain(entry)
    if (entry.changeId === change.id) replay.feed(entry)
  }
  replay.end()
  const found = answer()
  const [first] = [...found.wrong.first, ...found.untold.first]
  if (!first) return null
  return first.seq === null ? first.what : `entry #${first.seq} ${first.what}`
}

function followFrom(previous: string, { current, earlier }: Keys, wrong: Find): (entry: Entry) => void {
  const known = new Map([current, ...earlier].map((key) => [key?.id ?? null, key]))
  let head = previous
  let last: number | null = null
  return (entry) => {
    const key = known.get(entry.key)
    if (last !== null && entry.seq !== last + 1) wrong(entry.seq, `follows #${last}`)
    if (key === undefined) wrong(entry.seq, unattested(entry))
    // Without a key, what was written before the log was chained is covered by the first entry that is.
    else if (entry.hash === null ? key !== null : entryHash(head, entry, key) !== entry.hash)
      wrong(entry.seq, 'is not what was written')
    head = entry.hash ?? entryHash(head, entry, null)
    last = entry.seq
  }
}

function unattested({ key }: Entry): string {
  return key === null
    ? 'was written without AUDIT_KEY, so anybody could have written it'
    : `was written with the key ${key}, which is not at hand: give it in AUDIT_KEY_PREVIOUS`
}

/** What is stored, for a replay of nothing but this change. */
function only(change: Change, beside: LogSince['row']): StoredChanges {
  const row = { ...beside, state: JSON.stringify(change) }
  return { row: () => row, count: () => 1, withoutProposal: () => [change.id] }
}
