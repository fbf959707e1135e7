import type { RateLimits } from '../domain/token/token.ts'
import { type Fields, isFields } from './fields.ts'

/**
 * The dotted paths under which a token keeps its rate limits. No public text gives them. Source: contentstack.md §3.
 */
export type RateLimitFields = { readonly enabled: string; readonly read: string; readonly write: string }

/** Also `ungoverned` if the fields hold something the app can't read: what it can't read, it leaves alone. */
export function readRateLimits(raw: Fields, fields: RateLimitFields | null): RateLimits {
  if (fields === null) return { kind: 'ungoverned' }
  const enabled = at(raw, fields.enabled)
  if ([undefined, null, false, 'false'].includes(enabled as null)) return { kind: 'organisation' }
  const read = numberAt(raw, fields.read)
  const write = numberAt(raw, fields.write)
  const readable = [true, 'true'].includes(enabled as true) && read !== undefined && write !== undefined
  return readable ? { kind: 'custom', read, write } : { kind: 'ungoverned' }
}

/** `raw` with other rate limits. A number that does not change goes back as it came. */
export function writeRateLimits(raw: Fields, after: RateLimits, fields: RateLimitFields): Fields {
  if (after.kind === 'ungoverned') return raw
  if (after.kind === 'organisation') return put(raw, fields.enabled, false)
  const live = readRateLimits(raw, fields)
  const enabled = live.kind === 'custom' ? raw : put(raw, fields.enabled, true)
  const read = numberAt(raw, fields.read) === after.read ? enabled : put(enabled, fields.read, after.read)
  return numberAt(raw, fields.write) === after.write ? read : put(read, fields.write, after.write)
}

/**
 * Dotted paths in a token that look like rate limits, and those of the configured fields that exist, whatever their
 * names. An operator needs them to configure the fields.
 */
export function rateLimitPaths(raw: unknown, fields: RateLimitFields | null): string[] {
  if (!isFields(raw)) return []
  const alike = Object.entries(raw)
    .filter(([key]) => /rate_?limit/i.test(key))
    .flatMap(([key, value]) => pathsBelow(key, value))
  const configured = fields ? [fields.enabled, fields.read, fields.write] : []
  return [...new Set([...alike, ...configured.filter((path) => at(raw, path) !== undefined)])]
}

function pathsBelow(path: string, value: unknown): string[] {
  return isFields(value) ? Object.entries(value).flatMap(([key, part]) => pathsBelow(`${path}.${key}`, part)) : [path]
}

function at(raw: Fields, path: string): unknown {
  return path.split('.').reduce<unknown>((part, key) => (isFields(part) ? part[key] : undefined), raw)
}

function numberAt(raw: Fields, path: string): number | undefined {
  const value = at(raw, path)
  const written = typeof value === 'string' && value.trim() !== '' ? Number(value) : value
  return typeof written === 'number' && Number.isFinite(written) ? written : undefined
}

function put(raw: Fields, path: string, value: unknown): Fields {
  const [key = '', ...rest] = path.split('.')
  const part = raw[key]
  return { ...raw, [key]: rest.length === 0 ? value : put(isFields(part) ? part : {}, rest.join('.'), value) }
}
