import type { Audit } from './audit.ts'
import { type Database, withoutDisk } from './database.ts'
import type { Mark } from './mark.ts'
import type { SchemaGuard } from './schema-guard.ts'

export type Transactions = ReturnType<typeof prepareTransactions>

type Tools = {
  readonly db: Database
  readonly schema: SchemaGuard
  readonly audit: Audit
  readonly mark: Mark
  readonly at: () => string
}

export function prepareTransactions({ db, schema, audit, mark, at }: Tools) {
  const { immediate } = db.$client.transaction((work: () => unknown) => work())
  return { atomically, lightly }

  /**
   * Takes the write lock first, so that what was read is still true when it is written. Throws LogTrouble, and writes
   * nothing, while the log lacks an entry that this process saw in it, or the file defines anything other than the
   * migrations make; once it no longer does, the log says that it did.
   */
  function atomically<T>(work: () => T): T {
    const result = immediate(() => {
      schema.check()
      audit.begin()
      mark.make()
      const differed = schema.differed()
      if (differed !== null)
        audit.append({ event: { type: 'schema_differed', what: differed }, actor: 'app', changeId: null, at: at() })
      return work()
    }) as T
    schema.recorded()
    audit.committed()
    mark.made()
    return result
  }

  /** For writes that lose nothing that people were told is saved. */
  function lightly<T>(work: () => T): T {
    return withoutDisk(db.$client, () => {
      schema.check()
      return work()
    })
  }
}
