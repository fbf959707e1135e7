import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import Sqlite from 'better-sqlite3'
import { onTestFinished } from 'vitest'

/** Where a database may be made; it goes when the test is over. */
export function temporaryFile(name = 'countersign.db'): string {
  const folder = mkdtempSync(join(tmpdir(), 'countersign-'))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  return join(folder, name)
}

/** A connection of the test's own, to look behind the store's back or to stand in its way. It never waits for a lock. */
export function rawConnection(path: string): Sqlite.Database {
  const raw = new Sqlite(path, { timeout: 0 })
  onTestFinished(() => {
    raw.close()
  })
  return raw
}
