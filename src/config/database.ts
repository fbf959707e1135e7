import { existsSync, statSync } from 'node:fs'
import { dirname, resolve } from 'node:path'
import { isPostgres } from '../domain/database-place.ts'
import type { Reading } from './reading.ts'

const defaultDatabase = 'countersign.db'

/** A database that does not exist yet is not a problem. Undefined if the one that is meant can't be told: no other will do. */
export function databaseOf({ variable, isGiven, problems }: Reading): string | undefined {
  const given = variable('COUNTERSIGN_DB')
  if (!given) return isGiven('COUNTERSIGN_DB') ? undefined : defaultDatabase
  const problem = isPostgres(given) ? addressProblem(given) : null
  if (problem === null) return given
  problems.push(`COUNTERSIGN_DB ${problem}`)
  return undefined
}

/** Completes the name of the variable or option, and never quotes the address, which may hold a password. Null if it can be used. */
export function addressProblem(database: string): string | null {
  const address = URL.canParse(database) ? new URL(database) : null
  if (address === null)
    return 'is not an address of PostgreSQL that can be read: write it as postgres://user@host:5432/name, without a password.'
  if (address.password !== '' || /[?&]password=/i.test(address.search))
    return 'has a password in it, which messages would show: leave it out, and put it in PGPASSWORD, or in the file that PGPASSFILE names (as for psql).'
  return address.pathname.length > 1
    ? null
    : 'does not say which database: end it with its name, as in postgres://user@host:5432/name.'
}

/** The same, for a file that will be written. */
export function writableDatabaseOf(reading: Reading): string | undefined {
  const path = databaseOf(reading)
  if (path === undefined || isPostgres(path)) return path
  const folder = dirname(resolve(path))
  const { problems } = reading
  if (!existsSync(folder))
    problems.push(`COUNTERSIGN_DB is in ${folder}, which is not there: make it, or give another path.`)
  else if (statSync(path, { throwIfNoEntry: false })?.isDirectory())
    problems.push(`COUNTERSIGN_DB is a folder, ${path}: give the path of a file in it.`)
  return path
}
