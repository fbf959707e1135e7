import { hash } from 'node:crypto'
import { hmac } from './hmac.ts'

/** What makes an entry's hash unforgeable: only who has the secret can make one. Null shows accidents, not adversaries. */
export type AuditKey = { readonly id: string; readonly secret: string } | null

/** `id` names the key in the log without giving it away, so that a changed key is told from a changed entry. */
export function auditKey(secret: string | null): AuditKey {
  return secret === null ? null : { id: digest(null, 'key', secret).slice(0, 16), secret }
}

/** True of a text that can be the id of a key. */
export function isKeyId(text: string): boolean {
  return /^[0-9a-f]{16}$/.test(text)
}

/** Those that were in use before. */
export function earlierKeys(secrets: readonly string[]): NonNullable<AuditKey>[] {
  return secrets.map((secret) => auditKey(secret)!)
}

/** One entry of the log, as its hash attests it. `body` is the very text that is stored. */
export type Attested = {
  readonly seq: number
  readonly at: string
  readonly actor: string
  readonly changeId: number | null
  readonly type: string
  readonly body: string
  /** Of the way that bodies are written. */
  readonly version: number
}

/** What stands before the first entry. */
export const genesis = ''

/** The hash of an entry behind the one with the hash `previous`: it covers both, and says which key made it. */
export function entryHash(previous: string, entry: Attested, key: AuditKey): string {
  const { seq, at, actor, changeId, type, body, version } = entry
  return digest(
    key,
    'entry',
    JSON.stringify([previous, key?.id ?? null, version, seq, at, actor, changeId, type, body]),
  )
}

/**
 * What a log was at one moment: how many entries, and the hash of the last. Kept outside the database, it shows later
 * whether the log has been cut short or begun anew. `digest` shows that it was not made up.
 */
export type Checkpoint = { readonly size: number; readonly head: string; readonly digest: string }

export function checkpointOf(size: number, head: string, key: AuditKey): Checkpoint {
  return { size, head, digest: digest(key, 'checkpoint', `${size} ${head}`) }
}

/** Each purpose hashes its own kind of text, so that what was made for one can't be passed off as another. */
function digest(key: AuditKey, purpose: 'key' | 'entry' | 'checkpoint', text: string): string {
  const whole = `countersign audit ${purpose} 1\n${text}`
  return key ? hmacOf(key)(whole) : hash('sha256', whole)
}

const prepared = new WeakMap<object, (text: string) => string>()

function hmacOf(key: NonNullable<AuditKey>): (text: string) => string {
  const known = prepared.get(key)
  if (known) return known
  const made = hmac(key.secret)
  prepared.set(key, made)
  return made
}
