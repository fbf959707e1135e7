import type pg from 'pg'
import type { Breathe } from '../../breathe.ts'
import { checkpointOf } from '../../domain/audit/chain.ts'
import type { Keys } from '../../domain/audit/chain-check.ts'
import { type Fact, fact } from '../../domain/audit/fact.ts'
import { keysLacking } from '../../domain/audit/missing-keys.ts'
import type { LogReads, LogWrites } from '../../ports/log.ts'
import type { ReadsChanges } from '../stored-changes.ts'
import { headOf, lastEntry } from './audit.ts'
import { entriesFrom } from './entries.ts'
import { allEvents, eventsOf } from './events.ts'
import { heldAgainstLog } from './held-log.ts'
import { hiddenBeside } from './hidden-beside.ts'
import { keysSinceIn } from './keys-since.ts'
import { preparePutBackAt } from './put-back-at.ts'
import { countedRefusals } from './repeated-refusals.ts'
import { type On, statement } from './statements.ts'
import type { Transactions } from './transaction.ts'

const grown = statement<object>('grown', `select 1 from audit_events where seq > $1 and type <> 'log_anchored' limit 1`)
const lastOf = statement<{ body: string }>(
  'last-fact',
  'select body from audit_events where type = $1 order by seq desc limit 1',
)

async function readLastFact<T extends Fact['type']>(on: On, type: T): Promise<Extract<Fact, { type: T }> | null> {
  const [last] = await lastOf(on, type)
  return last ? (fact.parse({ ...JSON.parse(last.body), type }) as Extract<Fact, { type: T }>) : null
}

type Reading = {
  readonly pool: pg.Pool
  readonly keys: Keys
  readonly read: ReadsChanges
  readonly breathe: Breathe
}

/** Reads the log, and tells if it bears out a change. */
export function readLog({ pool, keys, read, breathe }: Reading): LogReads {
  const log = heldAgainstLog(pool, keys, breathe)
  return {
    events: (id) => (id === undefined ? allEvents(pool) : eventsOf(pool, id)),
    entriesFrom: (seq) => entriesFrom(pool, seq),
    lastFact: (type) => readLastFact(pool, type),
    putBackAt: preparePutBackAt(pool),
    checkpoint: async () => {
      const { size, head } = await headOf(pool, (await lastEntry(pool))[0] ?? null)
      return checkpointOf(size, head, keys.current)
    },
    hasGrownSince: async (size) => (await grown(pool, size)).length > 0,
    doubt: async (change) => {
      const hidden = await hiddenBeside(pool, change, read.readable)
      const found = await log.doubt(change)
      return typeof found === 'string' ? found : (hidden ?? found)
    },
    keysLacking: async () => {
      const atHand = [keys.current, ...keys.earlier].flatMap((one) => one?.id ?? [])
      return keysLacking(await keysSinceIn(pool), atHand)
    },
  }
}

type Writing = {
  readonly pool: pg.Pool
  readonly atomically: Transactions['atomically']
  readonly now: () => Date
}

/** Writes facts that are not events of a change. */
export function notedFacts({ pool, atomically, now }: Writing): LogWrites {
  const at = () => now().toISOString()
  return {
    note: async (fact, actor, changeId) => {
      await atomically(({ append }) => append({ event: fact, actor, changeId, at: at() }))
    },
    noteAll: (facts, actor) =>
      atomically(async ({ append }) => {
        for (const event of facts) await append({ event, actor, changeId: null, at: at() })
      }),
    ...countedRefusals({ pool, atomically, now }),
  }
}
