import { entryHash, genesis } from '../../domain/audit/chain.ts'
import type { Keys } from '../../domain/audit/chain-check.ts'
import { keyProblem } from '../../domain/audit/key-check.ts'
import { endProblem } from '../../domain/audit/log-end.ts'
import { misnamed } from '../../domain/audit/misnamed.ts'
import { Refusal } from '../../domain/refusal.ts'
import { type End, lastEntry } from './audit.ts'
import { entriesOf } from './entries.ts'
import { keyOrderIn } from './log-key.ts'
import type { On } from './statements.ts'

/**
 * Throws a Refusal that says what to do if the log may not be continued, or not with these keys. Before a new key is
 * taken up, each entry must have been made by the key that it names, since the order of keys depends on those names. That
 * takes some seconds for a million entries.
 */
export async function requireKnownKey(on: On, keys: Keys): Promise<void> {
  const last: End = (await lastEntry(on))[0] ?? null
  const problem = await problemOf(on, last, keys)
  if (problem !== null)
    throw new Refusal('unavailable', `The log in the database can't be continued. ${problem} Nothing was changed.`)
}

async function problemOf(on: On, last: End, keys: Keys): Promise<string | null> {
  const wrong = endProblem(last)
  if (wrong !== null) return `The audit log can't be written, because ${wrong}.`
  if (last === null || last.key === (keys.current?.id ?? null)) return null
  const order = await keyOrderIn(on, keys)
  return keyProblem(last, keys, () => order) ?? (await misnamedProblem(on, keys))
}

async function misnamedProblem(on: On, keys: Keys): Promise<string | null> {
  if (keys.current === null) return null
  const seq = await misnamedIn(on, keys)
  return seq === null ? null : misnamed(seq)
}

/** The first entry that names a key at hand but was not made with it; null if there is none. */
async function misnamedIn(on: On, { current, earlier }: Keys): Promise<number | null> {
  const known = new Map([current, ...earlier].map((key) => [key?.id, key]))
  let head: string = genesis
  for await (const run of entriesOf(on))
    for (const entry of run) {
      const key = entry.key === null ? undefined : known.get(entry.key)
      if (key && entryHash(head, entry, key) !== entry.hash) return entry.seq
      head = entry.hash ?? entryHash(head, entry, null)
    }
  return null
}
