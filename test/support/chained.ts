import { type AuditKey, auditKey, entryHash, genesis } from '../../src/domain/audit/chain.ts'
import type { Entry } from '../../src/domain/audit/chain-check.ts'

export const key = auditKey('the key of now, which is long enough to be one')!
export const old = auditKey('the key before, which is long enough to be one')!
export const foreign = auditKey('a key that is not at hand, long enough as well')!

/** The author of an entry: a key, null for none, and 'unchained' for an entry without a hash. */
export type By = AuditKey | 'unchained'

/** The same entries, each with its hash, after an entry with the hash `previous`. */
export function chained(said: readonly (Omit<Entry, 'key' | 'hash'> & { by: By })[], previous: string = genesis) {
  let last = previous
  return said.map(({ by, ...entry }): Entry => {
    const keyed = by === 'unchained' ? null : by
    last = entryHash(last, entry, keyed)
    return { ...entry, key: keyed?.id ?? null, hash: by === 'unchained' ? null : last }
  })
}

/** A log with one entry for each argument, which says only that the app stopped. */
export function logBy(...all: By[]): Entry[] {
  return logOf(...all.map((by) => ({ by })))
}

/** The same, with other contents for some. */
export function logOf(...all: { by: By; type?: string; body?: string }[]): Entry[] {
  const said = { at: '2026-06-01', actor: 'app', changeId: null, type: 'stopped', body: '{}', version: 1 }
  return chained(all.map((one, i) => ({ ...said, ...one, seq: i + 1 })))
}
