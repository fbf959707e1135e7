import { accessSync, chmodSync, constants, copyFileSync, existsSync, mkdtempSync, realpathSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import Sqlite from 'better-sqlite3'
import { stateOf } from './file-state.ts'
import { requireOwnWal } from './own-wal.ts'

/** The path to read a database at, and what to do afterwards. */
export type ToRead = { readonly path: string; done(): void }

type Copy = (from: string, to: string) => void

/**
 * Where to read the file at `path` so that it and its folder stay as they are, wherever that may be: even a reader
 * leaves a -wal and a -shm beside a file that nobody has open, so a file without them is copied first. A file that a
 * process has open is read in place, since only then is it whole. `copy` is for tests, which write to the file
 * meanwhile. Throws a Refusal if the -wal beside it belongs to another file.
 */
export function toRead(path: string, copy: Copy = copyPrivately): ToRead {
  const file = realpathSync(path)
  accessSync(file, constants.R_OK)
  requireOwnWal(file)
  for (let tries = 0; !isOpen(file) && tries < mostTries; tries++) {
    const copied = copyOf(file, copy)
    if (copied) return copied
  }
  return { path: file, done: () => {} }
}

/** The app may start and stop in between, and writes to the file each time. */
const mostTries = 3

function isOpen(file: string): boolean {
  return existsSync(`${file}-shm`)
}

/** Null if the file was written to or opened during the copy. */
function copyOf(file: string, copy: Copy): ToRead | null {
  let folder: string | null = null
  const done = () => folder !== null && rmSync(folder, { recursive: true, force: true })
  try {
    folder = mkdtempSync(join(tmpdir(), 'countersign-'))
    const before = stateOf(file)
    const path = join(folder, 'copy.db')
    copy(file, path)
    if (existsSync(`${file}-wal`)) copy(`${file}-wal`, `${path}-wal`)
    if (stateOf(file) === before) return { path, done }
  } catch (error) {
    done()
    throw new Error(
      `it could not be copied to ${tmpdir()}, where it is read: ${error instanceof Error ? error.message : error}`,
    )
  }
  done()
  return null
}

function copyPrivately(from: string, to: string): void {
  copyFileSync(from, to, constants.COPYFILE_FICLONE)
  chmodSync(to, 0o600)
}

/** A remedy if SQLite wants to write beside an open file, and may not; null for every other error. */
export function whereItCanBeRead(error: unknown): string | null {
  const mayNotWrite = error instanceof Sqlite.SqliteError && /^SQLITE_(READONLY|CANTOPEN)/.test(error.code)
  return mayNotWrite
    ? 'Next to it is a -shm file that you may not write, as if the database were open. Do this as the user that Countersign runs as, or with a copy made by ".backup"'
    : null
}
