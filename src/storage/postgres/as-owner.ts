import pg from 'pg'
import type { Refusal } from '../../domain/refusal.ts'
import { visible } from '../../domain/text.ts'
import { refused } from '../refused.ts'
import { type Brought, bringUpToDate } from './migrating.ts'
import { grantLacking, type Rights, rightsLacking } from './rights.ts'
import { requireSchema } from './schema-guard.ts'
import { isNotAllowed } from './trouble.ts'
import { connected } from './while-stopped.ts'

/** The work of the owner of the tables. */
export type Migrated = Brought & { readonly granted: readonly Rights[] }

/**
 * Makes the tables in the database at `url`, or brings them up to date, and grants `role` the rights that the app uses and
 * that it lacks: all of it, or nothing. Throws a Refusal if the structure is not as Countersign made it, if there is no such
 * role, or if the role in the address is not the owner.
 */
export function migratePostgres(url: string, role: string | null): Promise<Migrated> {
  return connected(url, async (pool) => {
    let granted: readonly Rights[] = []
    const finish = async (on: pg.ClientBase) => {
      await requireSchema(on)
      if (role === null) return
      granted = await grantLacking(on, role)
      // The server only warns whoever may not grant a right.
      if ((await rightsLacking(on, role)).length > 0) throw notOwner(url, 'no privileges were granted')
    }
    const brought = await bringUpToDate(pool, { finish }).catch((error) => {
      throw asRefusal(error, { url, role })
    })
    return { ...brought, granted }
  })
}

/** The server's code for a role that is not there. Source: PostgreSQL 18, appendix A. */
const notThere = '42704'

function asRefusal(error: unknown, { url, role }: { url: string; role: string | null }): unknown {
  if (role !== null && error instanceof pg.DatabaseError && error.code === notThere)
    return refused(url, `is on a server that has no role "${visible(role)}": make it there first`)
  return isNotAllowed(error) ? notOwner(url, error.message) : error
}

/** `said`: by the server. */
function notOwner(url: string, said: string): Refusal {
  return refused(
    url,
    `does not let the role in this address do this (${said}): for this command, set COUNTERSIGN_DB to an address with the owner of the tables`,
  )
}
