import { entryHash, genesis } from '../../domain/audit/chain.ts'
import type { Entry as Chained, Keys } from '../../domain/audit/chain-check.ts'
import { keyFault, type LastEntry } from '../../domain/audit/key-check.ts'
import { goOn, type KeyOrder, keysSince } from '../../domain/audit/key-order.ts'
import { endProblem, type LogEnd } from '../../domain/audit/log-end.ts'
import { canonicalJson } from '../../domain/canonical.ts'
import type { AuditEvent } from '../../ports/log.ts'
import { asWritten } from '../kept.ts'
import { keyTroubles } from '../key-troubles.ts'
import { LogTrouble } from '../log-trouble.ts'
import { createSeenEnd } from '../seen-end.ts'
import { entryColumns, logEnd } from './entries.ts'
import { keyOrderIn } from './log-key.ts'
import { type On, statement } from './statements.ts'

export type Entry = { event: AuditEvent['event']; actor: string; changeId: number | null; at: string }

/** The version of the JSON form of events. */
const version = 1

/** The last entry with its hash; null while the log is empty. */
export type End = (LogEnd & { readonly hash: string | null }) | null

/** Where the log ends: its number of entries, and the hash of the last. */
export type Head = { readonly size: number; readonly head: string }

export type Audit = ReturnType<typeof prepareAudit>

/** Writes the log. Everything here is for a transaction that has locked `log_head`: see `transaction.ts`. */
export function prepareAudit(keys: Keys) {
  const key = keys.current
  /** True once the log has an entry with this process's key: from then on no other is valid, whatever came before. */
  let hasBegun = false
  const seen = createSeenEnd()
  return { append, committed, requireEnd, headOf, seen }

  /**
   * Appends an entry after `end`, and resolves to it. Throws LogTrouble if the database did not keep it as written, or has
   * an end that nothing may be appended to.
   */
  async function append(on: On, end: End, { event, actor, changeId, at }: Entry): Promise<NonNullable<End>> {
    const { type, ...content } = event
    await requireEnd(on, end)
    const { size, head } = await headOf(on, end)
    const [seq, body] = [size + 1, canonicalJson(content)]
    const hash = entryHash(head, { seq, at, actor, changeId, type, body, version }, key)
    const row = [seq, at, actor, changeId, type, body, version, key?.id ?? null, hash]
    const [kept] = await insert(on, ...row)
    asWritten(kept && Object.values(kept), row)
    return { seq, hash, key: key?.id ?? null, type, follows: 1 }
  }

  /** Called with the last entry once that is committed. */
  function committed(end: NonNullable<End>): void {
    seen.saw(end)
    hasBegun ||= key !== null && end.key === key.id
  }

  /** Throws LogTrouble if nothing may be appended after this entry. */
  async function requireEnd(on: On, end: End): Promise<void> {
    const problem = endProblem(end)
    if (problem !== null) throw new LogTrouble(problem)
    if (end === null || end.key === (key?.id ?? null)) return
    // Another process may have begun to write with a newer key, or somebody wrote with one that was replaced.
    const order = await orderBehind(on, end)
    const fault = keyFault(end, keys, () => order)
    if (fault !== null) throw new LogTrouble(keyTroubles[fault])
  }

  async function orderBehind(on: On, end: LastEntry): Promise<KeyOrder> {
    return key && hasBegun ? goOn(keysSince(key), { ...end, body: '{}' }, keys) : keyOrderIn(on, keys)
  }
}

const insert = statement<object>(
  'append',
  `insert into audit_events (seq, at, actor, change_id, type, body, version, key, hash)
   values ($1, $2, $3, $4, $5, $6, $7, $8, $9)
   returning seq, at, actor, change_id, type, body, version, key, hash`,
)

export const lastEntry = statement<NonNullable<End>>('log-end', logEnd)

/** Throws LogTrouble if that can't be told. */
export async function headOf(on: On, end: End): Promise<Head> {
  const problem = endProblem(end)
  if (problem !== null) throw new LogTrouble(problem)
  if (end === null) return { size: 0, head: genesis }
  return { size: end.seq, head: end.hash ?? (await headBeforeChaining(on)) }
}

const all = statement<Chained>('all-entries', `select ${entryColumns} from audit_events order by seq`)

/** Entries from before the log was chained have no hash: the first that has one covers them all. */
async function headBeforeChaining(on: On): Promise<string> {
  return (await all(on)).reduce((previous, entry) => entryHash(previous, entry, null), genesis)
}
