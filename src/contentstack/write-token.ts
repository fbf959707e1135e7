import { Refusal } from '../domain/refusal.ts'
import { diff } from '../domain/token/diff.ts'
import { partOf } from '../domain/token/fields.ts'
import type { Settings } from '../domain/token/token.ts'
import type { Fields } from './fields.ts'
import { readSettings } from './read-token.ts'
import type { RateLimitFields } from './token-rate-limits.ts'
import { wireFields, wireKeys } from './wire-fields.ts'

/**
 * The body that turns `raw`, the token as a look found it, into `after`: fields that differ in meaning are replaced;
 * everything else goes back as it came, understood or not. Throws a Refusal if the app can't express `after` for the
 * stack without touching what it doesn't understand.
 */
export function writeToken(raw: Fields, after: Settings, limits: RateLimitFields | null): Fields {
  const live = readSettings(raw, limits)
  const differing = new Set(diff(live, after).map(({ key }) => partOf(key).setting))
  const changed = wireKeys.filter((key) => differing.has(key)).map((key) => wireFields[key])
  for (const { whyNot } of changed) {
    const why = whyNot?.(live) ?? null
    if (why !== null) throw new Refusal('invalid', why)
  }
  const writes = new Set(changed.map((field) => field.writes))
  return [...writes].reduce((body, write) => write(body, after, limits), raw)
}
