import { hash } from 'node:crypto'
import { hmac } from './hmac.ts'

/**
 * The key that makes an entry's hash unforgeable: only somebody with the secret can make one. Null guards against
 * accidents, not adversaries.
 */
export type AuditKey = { readonly id: string; readonly secret: string } | null

/** `id` names the key in the log without giving it away, so that a changed key can be told from a changed entry. */
export function auditKey(secret: string | null): AuditKey {
  return secret === null ? null : { id: digest(null, 'key', secret).slice(0, 16), secret }
}

/** True if a text can be the id of a key. */
export function isKeyId(text: string): boolean {
  return /^[0-9a-f]{16}$/.test(text)
}

export function earlierKeys(secrets: readonly string[]): NonNullable<AuditKey>[] {
  return secrets.map((secret) => auditKey(secret)!)
}

/** One entry of the log, as its hash attests it. `body` is exactly the text that is stored. */
export type Attested = {
  readonly seq: number
  readonly at: string
  readonly actor: string
  readonly changeId: number | null
  readonly type: string
  readonly body: string
  /** The format version of bodies. */
  readonly version: number
}

/** The hash before the first entry. */
export const genesis = ''

/** The hash of an entry after the one with the hash `previous`: it covers both, and says which key made it. */
export function entryHash(previous: string, entry: Attested, key: AuditKey): string {
  const { seq, at, actor, changeId, type, body, version } = entry
  return digest(
    key,
    'entry',
    JSON.stringify([previous, key?.id ?? null, version, seq, at, actor, changeId, type, body]),
  )
}

/**
 * A log at one moment: how many entries, and the hash of the last. Kept outside the database, it shows later if the log
 * was cut short or started again. `digest` shows that it was not made up.
 */
export type Checkpoint = { readonly size: number; readonly head: string; readonly digest: string }

export function checkpointOf(size: number, head: string, key: AuditKey): Checkpoint {
  return { size, head, digest: digest(key, 'checkpoint', `${size} ${head}`) }
}

/** Each purpose hashes its own kind of text, so that a digest made for one can't be passed off as another's. */
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
