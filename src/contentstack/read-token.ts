import { canonicalJson } from '../domain/canonical.ts'
import type { SettingKey } from '../domain/token/field.ts'
import type { LastEdit, Settings } from '../domain/token/token.ts'
import { excessOf } from './bounds.ts'
import { type Fields, isFields } from './fields.ts'
import { readScope } from './scope.ts'
import type { RateLimitFields } from './token-rate-limits.ts'
import { faultsInWords, recordShape } from './wire.ts'
import { tokenSettings, wireFields, wireKeys } from './wire-fields.ts'

export type ReadToken = {
  readonly uid: string
  readonly settings: Settings
  readonly edited: LastEdit
  readonly raw: Fields
}

/** Never sent back; the secret value is not even kept. Source: contentstack.md §1. */
const dropped = new Set(['uid', 'token', 'created_at', 'created_by', 'updated_at', 'updated_by'])

const tokenRecord = tokenSettings.extend(recordShape)

/** Reads a token as the stack shows it. Throws an Error that says in words what can't be read. */
export function readToken(record: unknown, fields: RateLimitFields | null): ReadToken {
  const excess = excessOf(record)
  if (excess !== null) throw new Error(excess)
  const read = tokenRecord.safeParse(record)
  if (!read.success) throw new Error(faultsInWords(read.error))
  const raw = Object.fromEntries(Object.entries(record as Fields).filter(([key]) => !dropped.has(key)))
  const { uid, updated_by: by = null, updated_at: at = null } = read.data
  return { uid, settings: readSettings(raw, fields), edited: { by, at }, raw }
}

/** The settings that `raw`, a token without its read-only fields, means to the app. */
export function readSettings(raw: Fields, limits: RateLimitFields | null): Settings {
  const read = tokenSettings.safeParse(raw)
  if (!read.success) throw new Error(faultsInWords(read.error))
  const seen = { raw, read: read.data, scope: readScope(read.data.scope ?? []), limits }
  const settings = Object.fromEntries(wireKeys.map((key) => [key, wireFields[key].reads(seen)]))
  return { ...(settings as Pick<Settings, SettingKey>), ...otherExpiryOf(raw) }
}

/**
 * No public text mentions another field about expiry, so nobody knows what one means beside a date, wherever it is in
 * the token. Source: contentstack.md §4.
 */
function otherExpiryOf({ expires_on: _, ...rest }: Fields): Pick<Settings, 'otherExpiry'> {
  return { otherExpiry: [...new Set(aboutExpiry(rest))].sort() }
}

/** Each field about expiry with its path and value: `options.never_expires: true`. */
function aboutExpiry(part: unknown, way = ''): string[] {
  if (Array.isArray(part)) return part.flatMap((item) => aboutExpiry(item, way))
  if (!isFields(part)) return []
  return Object.entries(part).flatMap(([key, value]) =>
    /expir/i.test(key) ? [`${way}${key}: ${canonicalJson(value)}`] : aboutExpiry(value, `${way}${key}.`),
  )
}
