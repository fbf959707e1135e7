import { isPostgres } from '../../domain/database-place.ts'
import type { Grants } from '../../ports/grants.ts'
import type { SteadyClock } from '../../steady-clock.ts'
import { grantsIn } from '../sqlite/grants.ts'

/** The grants in this database, which is opened when they are asked for. */
export function grantsAt(database: string, clock: SteadyClock): Grants {
  if (!isPostgres(database)) return grantsIn(database, clock)
  let opened: Promise<Grants> | undefined
  const grants = () => {
    opened ??= open(database, clock)
    return opened
  }
  return {
    grant: async (...given) => (await grants()).grant(...given),
    renewalBegins: async (...given) => (await grants()).renewalBegins(...given),
    grantIsRenewed: async (...given) => (await grants()).grantIsRenewed(...given),
    renewalFailed: async (...given) => (await grants()).renewalFailed(...given),
    grantEnded: async (...given) => (await grants()).grantEnded(...given),
  }
}

/** Its connections are closed by themselves when nobody has used them for a while. */
async function open(database: string, clock: SteadyClock): Promise<Grants> {
  const [{ connectTo }, { grantsIn }] = [
    await import('../postgres/connection.ts'),
    await import('../postgres/grants.ts'),
  ]
  return grantsIn(connectTo(database), clock)
}
