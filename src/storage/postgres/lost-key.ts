import { keyToLose } from '../key-to-lose.ts'
import { prepareAudit } from './audit.ts'
import { createSchemaGuard } from './schema-guard.ts'
import { prepareTransactions } from './transaction.ts'
import { whileStopped } from './while-stopped.ts'

/** The same as for a SQLite file, in the database at `url`. */
export function recordLostKey(url: string, actor: string, now: Date, atHand: readonly string[]) {
  return whileStopped(url, async (pool, last) => {
    const { key, upTo } = keyToLose(url, last, atHand)
    const at = now.toISOString()
    const audit = prepareAudit({ current: null, earlier: [], lost: key })
    const { atomically } = prepareTransactions({ pool, audit, schema: createSchemaGuard(), at: () => at })
    const event = { type: 'key_lost', key, upTo } as const
    await atomically(({ append }) => append({ event, actor, changeId: null, at }))
    return { key, upTo }
  })
}
