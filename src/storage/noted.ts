import { type Fact, fact } from '../domain/audit/fact.ts'
import type { ReadRow } from './unreadable-rows.ts'

/** The part of a row of the log that a fact is read from. */
export type NotedRow = { readonly seq: number; readonly at: string; readonly type: string; readonly body: string }

/** Reads a row of the log that was found by its type; null if it can't be read. */
export function noted<T extends Fact['type']>({ seq, at, type, body }: NotedRow, readRow: ReadRow) {
  return readRow('audit_events', String(seq), () => ({
    seq,
    at,
    fact: fact.parse({ ...JSON.parse(body), type }) as Extract<Fact, { type: T }>,
  }))
}
