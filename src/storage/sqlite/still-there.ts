import { statSync } from 'node:fs'
import type Sqlite from 'better-sqlite3'
import { asTyped } from '../../domain/as-typed.ts'
import { LogTrouble } from '../log-trouble.ts'

/**
 * A check, for everything that writes, that the file that was opened is still the one at its path. Otherwise SQLite goes
 * on writing to a file that has no name any more, and all of it ends with this process. The check throws LogTrouble
 * then. SQLite itself makes it only without a -wal. Source: sqlite.org/rescode.html#readonly_dbmoved.
 */
export function stillThere({ name: path, memory }: Sqlite.Database): () => void {
  const opened = memory ? null : fileAt(path)
  return () => {
    if (opened === null) return
    const there = fileAt(path)
    if (there !== null && there !== opened) throw new LogTrouble(replaced())
  }
}

const replaced = () =>
  'the file of the database was replaced or removed while Countersign runs, and what is recorded now would be lost. Put that file back, or stop ' +
  `Countersign, and put the last backup in its place with "${asTyped('restore FILE')}"`

/** Names the file itself. Null if this user may not look, which says nothing about it. */
export function fileAt(path: string): string | null {
  try {
    const found = statSync(path, { throwIfNoEntry: false, bigint: true })
    return found === undefined ? 'none' : `${found.dev} ${found.ino}`
  } catch {
    return null
  }
}
