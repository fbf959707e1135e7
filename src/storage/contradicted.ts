import Sqlite from 'better-sqlite3'
import { contradicted, type KeptCheckpoint } from '../domain/anchor-check.ts'
import type { Entry, Keys } from '../domain/chain-check.ts'
import { createPutBacks } from '../domain/put-back.ts'
import { entryColumns } from './evidence.ts'
import { lastEntryOf } from './log-key.ts'
import { toRead } from './to-read.ts'

/**
 * Those of `anchors` that the log in the file at `path` does not bear out, and that no backup explains of which it says that it
 * was put back. They have to be read before this is called, since the log may go on. The file stays as it is.
 */
export function contradictedIn(path: string, anchors: readonly KeptCheckpoint[], keys: Keys): KeptCheckpoint[] {
  if (anchors.length === 0) return []
  const { path: file, done } = toRead(path)
  try {
    return contradictedBy(file, anchors, keys)
  } finally {
    done()
  }
}

function contradictedBy(file: string, anchors: readonly KeptCheckpoint[], keys: Keys): KeptCheckpoint[] {
  const sqlite = new Sqlite(file, { readonly: true, fileMustExist: true })
  try {
    const find = sqlite.prepare<[number], Pick<Entry, 'key' | 'hash'>>(
      'select key, hash from audit_events where seq = ?',
    )
    const log = { size: lastEntryOf(sqlite)?.seq ?? 0, entry: (seq: number) => find.get(seq) }
    const found = contradicted(anchors, log, keys)
    const { explains } = putBacksIn(sqlite)
    return found.length === 0 ? found : found.filter((anchor) => !explains(anchor))
  } finally {
    sqlite.close()
  }
}

function putBacksIn(sqlite: Sqlite.Database) {
  const putBacks = createPutBacks()
  const said = sqlite.prepare<[], Entry>(
    `select ${entryColumns} from audit_events where type = 'log_put_back' order by seq`,
  )
  for (const entry of said.iterate()) putBacks.feed(entry)
  return putBacks
}
