import { createHash } from 'node:crypto'
import { lstatSync, mkdirSync } from 'node:fs'
import { tmpdir, userInfo } from 'node:os'
import { dirname, join, resolve } from 'node:path'
import { isPostgres } from '../../domain/database-place.ts'

/** How the sockets of the apps on this database begin: beside it, or for one on a server in a folder of this user's own. */
export function deskPlace(database: string): string {
  if (!isPostgres(database)) return resolve(database)
  const name = createHash('sha256').update(database).digest('hex').slice(0, 16)
  return join(tmpdir(), `countersign-${userInfo().uid}`, name)
}

/** Makes sure that the folder is there. Throws if somebody else made it: they could answer in the app's place. */
export function prepareDeskPlace(database: string): void {
  if (!isPostgres(database)) return
  const folder = dirname(deskPlace(database))
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  if (!isSafe(database)) throw new Error(`${folder} belongs to somebody else, or others may write in it`)
}

/** False if somebody else may have put a socket there. */
export function isSafe(database: string): boolean {
  if (!isPostgres(database)) return true
  const found = lstatSync(dirname(deskPlace(database)), { throwIfNoEntry: false })
  return found?.isDirectory() === true && found.uid === userInfo().uid && (found.mode & 0o077) === 0
}
