import { readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { readMigrationFiles } from 'drizzle-orm/migrator'
import { z } from 'zod'
import { shipped } from '../../shipped.ts'

/**
 * The first line of a migration that only adds, so that the version before goes on while it is done and afterwards. A test
 * holds what is so marked to that.
 */
export const mark = '-- the version before can live with this'

export type Migration = {
  readonly name: string
  /** Milliseconds since 1970 at which it was written: the database's list has this of each. */
  readonly when: number
  readonly hash: string
  readonly statements: readonly string[]
  readonly isMarked: boolean
}

const journal = z.object({ entries: z.array(z.object({ when: z.number(), tag: z.string() })) })

/** Read once: an upgrade may replace the files while this version still runs. */
let read: readonly Migration[] | undefined

/** The migrations that this version knows, in order. */
export function knownMigrations(): readonly Migration[] {
  read ??= readIn(dirname(shipped('migrations/postgres/meta')))
  return read
}

function readIn(folder: string): Migration[] {
  const { entries } = journal.parse(JSON.parse(readFileSync(join(folder, 'meta', '_journal.json'), 'utf8')))
  return readMigrationFiles({ migrationsFolder: folder }).map(({ sql, hash, folderMillis: when }, i) => {
    const isMarked = sql[0]!.startsWith(`${mark}\n`)
    return { name: entries[i]!.tag, when, hash, statements: sql, isMarked }
  })
}
