import { existsSync, statSync } from 'node:fs'
import { helpsDamaged } from './trouble.ts'

/** True for a file in which nothing is left, though SQLite takes it for a new database. */
export function isEmpty(path: string): boolean {
  return statSync(path).size === 0 && !existsSync(`${path}-wal`)
}

/** For people, as a clause about the file. */
export function empty(): string {
  return `is empty: nothing is recorded in it. If it ever was the app's database, ${helpsDamaged()}`
}
