import type { Reading } from './reading.ts'

const defaultDatabase = 'countersign.db'

/** A database that does not exist yet is not a problem. */
export function databaseOf({ variable }: Reading): string {
  return variable('COUNTERSIGN_DB') || defaultDatabase
}
