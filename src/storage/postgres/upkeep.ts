import type pg from 'pg'
import type { Upkeep } from '../../ports/store.ts'
import type { SchemaGuard } from './schema-guard.ts'
import type { Transactions } from './transaction.ts'

type Tools = {
  readonly pool: pg.Pool
  readonly atomically: Transactions['atomically']
  readonly schema: SchemaGuard
}

export function keptWell({ pool, atomically, schema }: Tools): Upkeep {
  let ending: Promise<void> | undefined
  return {
    tryToWrite: async () => {
      await schema.look(pool)
      await atomically(async ({ on, requireEnd }) => {
        await on.query('update log_head set "only" = true')
        await requireEnd()
      })
    },
    // The server does so by itself.
    tidy: async () => {},
    close: () => {
      ending ??= pool.end()
      return ending
    },
  }
}
