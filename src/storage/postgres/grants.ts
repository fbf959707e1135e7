import pg from 'pg'
import type { GrantStore, Grants } from '../../ports/grants.ts'
import type { SteadyClock } from '../../steady-clock.ts'
import { asWritten } from '../kept.ts'
import { keptGrant } from '../kept-grant.ts'
import { hold, prepareHolds } from './held.ts'
import { statement, writing } from './statements.ts'
import { allOrNothing, type Transactions } from './transaction.ts'

/**
 * The grants in this database, which is not migrated for them: there is no grant in one without tables. `holdClock`
 * stands in for the database's clock.
 */
export function grantsIn(pool: pg.Pool, clock: SteadyClock, holdClock?: () => Date): Grants {
  const at = () => clock.now().toISOString()
  const holdValues = prepareHolds(clock, holdClock)
  return {
    grant: async (stack) => {
      const [row] = await find(pool, stack).catch(noneWithoutTable)
      return row ? keptGrant(row) : null
    },

    renewalBegins: async (stack, number, until) => {
      const { changes } = await begin(pool, stack, number, at(), ...holdValues(until))
      return changes === 1
    },

    grantIsRenewed: async (stack, number, { clientId, sealed }) =>
      allOrNothing(pool, async (on) => {
        const [found] = await lock(on, stack, number)
        if (!found) return false
        const [kept] = await renew(on, stack, number, clientId, sealed, at())
        asWritten([kept?.sealed], [sealed])
        return true
      }),

    renewalFailed: async (stack, number, { isUnknown }) => void (await free(pool, stack, number, isUnknown)),

    grantEnded: async (stack, number, ended) => void (await end(pool, stack, number, ended)),
  }
}

type Writing = Pick<Transactions, 'atomically'> & { readonly at: () => string }

/** Lets the app in, and says so in the log. */
export function grantsGiven({ atomically, at }: Writing): GrantStore {
  return {
    keepGrant: (stack, { clientId, sealed }, actor) =>
      atomically(async ({ on, append }) => {
        const [kept] = await put(on, stack, clientId, sealed, at())
        asWritten([kept?.sealed], [sealed])
        await append({ event: { type: 'stack_connected', stack, clientId }, actor, changeId: null, at: at() })
      }),
  }
}

type Row = Parameters<typeof keptGrant>[0]

const find = statement<Row>(
  'grant',
  `select client_id as "clientId", sealed, number, stored_at as "storedAt", renewal_began as "renewalBegan", ended
   from oauth_grants where stack = $1`,
)
const put = statement<Pick<Row, 'sealed'>>(
  'grant-keep',
  `insert into oauth_grants as known (stack, client_id, sealed, number, stored_at) values ($1, $2, $3, 1, $4)
   on conflict (stack) do update
   set client_id = excluded.client_id, sealed = excluded.sealed, number = known.number + 1,
     stored_at = excluded.stored_at, renewal_began = null, renewing = 0, ended = null
   returning sealed`,
)
const renewing = hold('renewing', 4)
const begin = writing(
  'grant-renewal',
  `update oauth_grants set renewing = ${renewing.until}, renewal_began = coalesce(renewal_began, $3)
   where stack = $1 and number = $2 and ended is null and ${renewing.free}`,
)
const lock = statement<object>('grant-lock', 'select 1 from oauth_grants where stack = $1 and number = $2 for update')
const renew = statement<Pick<Row, 'sealed'>>(
  'grant-renewed',
  `update oauth_grants
   set client_id = $3, sealed = $4, number = number + 1, stored_at = $5, renewal_began = null, renewing = 0, ended = null
   where stack = $1 and number = $2
   returning sealed`,
)
const free = writing(
  'grant-free',
  `update oauth_grants set renewing = 0, renewal_began = case when $3 then renewal_began end
   where stack = $1 and number = $2`,
)
const end = writing('grant-end', 'update oauth_grants set renewing = 0, ended = $3 where stack = $1 and number = $2')

/** The server's code for a table that does not exist. Source: PostgreSQL 18, appendix A. */
const noTable = '42P01'

function noneWithoutTable(error: unknown): [] {
  if (error instanceof pg.DatabaseError && error.code === noTable) return []
  throw error
}
