import { diff } from '../domain/diff.ts'
import { isDay, whyExpiryStays, writtenLike } from '../domain/expiry.ts'
import { Refusal } from '../domain/refusal.ts'
import type { FieldKey } from '../domain/token/field.ts'
import type { Settings } from '../domain/token.ts'
import type { Fields } from './fields.ts'
import { type RateLimitFields, writeRateLimits } from './rate-limits.ts'
import { readSettings } from './read-token.ts'
import { writeScope } from './write-scope.ts'

/**
 * The body that turns `raw`, the token as a look found it, into `after`: fields that differ in meaning are replaced, and
 * everything else goes back as it came, whether the app understands it or not. Throws a Refusal when the app can't say
 * `after` in the stack's terms without touching what it doesn't understand.
 */
export function writeToken(raw: Fields, after: Settings, fields: RateLimitFields | null): Fields {
  const live = readSettings(raw, fields)
  const changed = new Set(diff(live, after).map(({ key }) => key))
  if (changed.has('otherScope')) throw otherScopeRefusal()
  const stays = whyExpiryStays(live)
  if (changed.has('expiresOn') && stays !== null) throw new Refusal('invalid', `${stays} This update was not sent.`)
  const plain = Object.fromEntries(
    plainFields(raw, after)
      .filter(([key]) => changed.has(key))
      .map(([, wire, value]) => [wire, value]),
  )
  const scoped = [...changed].some(isScope) ? { scope: writeScope((raw.scope ?? []) as unknown[], after) } : {}
  const body = { ...raw, ...plain, ...scoped }
  return changed.has('rateLimits') ? limited(body, after, fields) : body
}

function plainFields(raw: Fields, after: Settings): [FieldKey, string, unknown][] {
  return [
    ['name', 'name', after.name],
    ['description', 'description', after.description],
    ['expiresOn', 'expires_on', expiryLike(raw.expires_on, after.expiresOn)],
    ['emailNotice', 'is_email_notification_enabled', after.emailNotice],
  ]
}

function isScope(key: FieldKey): boolean {
  return key === 'branches' || key === 'aliases' || key === 'everything' || key.startsWith('module.')
}

function expiryLike(came: unknown, after: string | null): string | null {
  return after !== null && isDay(after) && typeof came === 'string' ? writtenLike(came, after) : after
}

function limited(body: Fields, after: Settings, fields: RateLimitFields | null): Fields {
  if (fields !== null) return writeRateLimits(body, after.rateLimits, fields)
  throw new Refusal(
    'invalid',
    "this stack's rate-limit fields are not configured, so Countersign can't write rate limits: this update was not sent; ask an operator to configure them, or leave the rate limits out",
  )
}

function otherScopeRefusal(): Refusal {
  return new Refusal(
    'invalid',
    "the change would alter scope entries that Countersign doesn't understand and so never edits: this update was not sent; edit them in Contentstack",
  )
}
