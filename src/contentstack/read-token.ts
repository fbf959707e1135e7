import { canonicalJson } from '../domain/canonical.ts'
import type { LastEdit, Module, Settings } from '../domain/token.ts'
import { excessOf } from './bounds.ts'
import { type Fields, isFields } from './fields.ts'
import { type RateLimitFields, readRateLimits } from './rate-limits.ts'
import { readScope } from './scope.ts'
import { faultsInWords, tokenRecord, tokenSettings } from './wire.ts'

export type ReadToken = {
  readonly uid: string
  readonly settings: Settings
  readonly edited: LastEdit
  readonly raw: Fields
}

/** Never sent back, and the secret value never even kept. Source: contentstack.md §1. */
const dropped = new Set(['uid', 'token', 'created_at', 'created_by', 'updated_at', 'updated_by'])

/** A token as the stack shows it. Throws an Error that says in words what can't be read. */
export function readToken(record: unknown, fields: RateLimitFields | null): ReadToken {
  const excess = excessOf(record)
  if (excess !== null) throw new Error(excess)
  const read = tokenRecord.safeParse(record)
  if (!read.success) throw new Error(faultsInWords(read.error))
  const raw = Object.fromEntries(Object.entries(record as Fields).filter(([key]) => !dropped.has(key)))
  const { uid, updated_by: by = null, updated_at: at = null } = read.data
  return { uid, settings: readSettings(raw, fields), edited: { by, at }, raw }
}

/** What `raw`, a token without its read-only fields, means to the app. */
export function readSettings(raw: Fields, fields: RateLimitFields | null): Settings {
  const read = tokenSettings.safeParse(raw)
  if (!read.success) throw new Error(faultsInWords(read.error))
  const { name, description, scope, expires_on, is_email_notification_enabled } = read.data
  return {
    name,
    description: description ?? '',
    ...scopeOf(scope ?? []),
    expiresOn: expires_on || null,
    emailNotice: is_email_notification_enabled ?? false,
    rateLimits: readRateLimits(raw, fields),
    ...otherExpiryOf(raw),
  }
}

/**
 * No public text tells of another field about expiry, so what one means beside a date is not known, wherever in the token it
 * stands. Source: contentstack.md §4.
 */
function otherExpiryOf({ expires_on: _, ...rest }: Fields): Pick<Settings, 'otherExpiry'> {
  return { otherExpiry: [...new Set(aboutExpiry(rest))].sort() }
}

/** Each field about expiry with its value, by its way from the top: `options.never_expires: true`. */
function aboutExpiry(part: unknown, way = ''): string[] {
  if (Array.isArray(part)) return part.flatMap((item) => aboutExpiry(item, way))
  if (!isFields(part)) return []
  return Object.entries(part).flatMap(([key, value]) =>
    /expir/i.test(key) ? [`${way}${key}: ${canonicalJson(value)}`] : aboutExpiry(value, `${way}${key}.`),
  )
}

function scopeOf(scope: readonly unknown[]): Pick<Settings, 'branches' | 'aliases' | 'permissions' | 'otherScope'> {
  const entries = readScope(scope)
  const names = (kind: 'branch' | 'branch_alias') =>
    entries.flatMap((entry) => (entry.kind === kind ? [...entry.names] : []))
  const grants = entries.filter((entry) => entry.kind === 'grant')
  const modules = grants.flatMap(({ module, access }): [Module, 'read' | 'write'][] =>
    module === '$all' || access === 'none' ? [] : [[module, access]],
  )
  return {
    branches: names('branch'),
    aliases: names('branch_alias'),
    permissions: {
      everything: grants.find(({ module }) => module === '$all')?.access ?? 'none',
      modules: Object.fromEntries(modules),
    },
    otherScope: entries.flatMap((entry) => (entry.kind === 'other' ? [entry.text] : [])),
  }
}
