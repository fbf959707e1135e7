import type { Change } from '../change/change.ts'
import type { FieldKey } from '../token/field.ts'
import { perhapsUnknown } from '../token/fields.ts'
import type { Settings } from '../token/token.ts'
import { askedBy } from './in-force.ts'

/**
 * The shown settings, for a comparison with `known`. Operators configure which fields hold rate limits: if they were
 * not configured at one of the two times, nothing is known about them, and they count as unmoved.
 */
export function asFarAsKnown(known: Settings, shown: Settings): Settings {
  return knownBut(noField, known, shown)
}

/**
 * The same for a comparison with what a change was asked over. If it asks for limits, limits that can't be read never
 * count as the old ones.
 */
export function asChangeKnows(change: Pick<Change, 'before' | 'after'>, shown: Settings): Settings {
  return knownBut(askedBy(change), change.before, shown)
}

/** The label of a field that a change asks for but a look does not show; undefined if it shows all. */
export function unseenOf(change: Pick<Change, 'before' | 'after'>, shown: Settings): string | undefined {
  const asked = askedBy(change)
  return perhapsUnknown.find(({ key, isKnown }) => asked.has(key) && !isKnown(shown))?.label
}

const noField: ReadonlySet<FieldKey> = new Set()

function knownBut(asked: ReadonlySet<FieldKey>, known: Settings, shown: Settings): Settings {
  let seen = shown
  for (const { key, setting, isKnown } of perhapsUnknown)
    if (!asked.has(key) && !(isKnown(known) && isKnown(shown))) seen = { ...seen, [setting]: known[setting] }
  return seen
}
