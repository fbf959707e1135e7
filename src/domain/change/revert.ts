import { diff } from '../token/diff.ts'
import type { SettingKey } from '../token/field.ts'
import { eachField, fields, perhapsUnknown } from '../token/fields.ts'
import { otherExpiryOf } from '../token/rebase.ts'
import { withTargets } from '../token/targets.ts'
import type { Settings } from '../token/token.ts'
import type { Change } from './change.ts'

/**
 * The request that makes a token as it was `earlier`: as a whole, so that later edits are undone too. What can't be
 * written stays as it is: scope entries that the app does not understand, where aliases point, an expiry beside fields
 * that it does not understand, and rate limits if their fields are not configured.
 */
export function revertTo(earlier: Settings, live: Settings): Settings {
  const asked = {
    ...eachField(({ key }) => (staysInRevert(key, earlier, live) ? live : earlier)[key]),
    ...otherExpiryOf(live),
  }
  return withTargets(asked, asked.aliases, [live])
}

function staysInRevert(key: SettingKey, earlier: Settings, live: Settings): boolean {
  const { isKept = false, whyStays } = fields[key]
  if (isKept || (whyStays?.(live) ?? null) !== null) return true
  return perhapsUnknown.some(({ setting, isKnown }) => setting === key && !(isKnown(earlier) && isKnown(live)))
}

/** The fields in which a token asked for as `asked` would still differ from `earlier`. */
export function notReverted(earlier: Settings, asked: Settings): string[] {
  return diff(earlier, asked).map(({ label }) => label)
}

/** Only what reached the stack can be undone there: all of a change, or what the stack took of it. */
export function canBeReverted({ status }: Change): boolean {
  return status === 'applied' || status === 'failed'
}
