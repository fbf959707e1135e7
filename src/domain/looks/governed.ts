import type { Change } from '../change/change.ts'
import type { FieldKey } from '../token/field.ts'
import { perhapsUnknown } from '../token/fields.ts'
import type { Settings } from '../token/token.ts'
import { askedBy } from './in-force.ts'

/**
 * What a look shows, to be held against what is `known`. Which fields hold rate limits is set by whoever runs the app: where they
 * were not at one of the two times, nothing is known of them, and they count as unmoved.
 */
export function asFarAsKnown(known: Settings, shown: Settings): Settings {
  return knownBut(noField, known, shown)
}

/** The same against what a change was asked over. Where it asks for limits, what can't be read is never taken for what was there. */
export function asChangeKnows(change: Pick<Change, 'before' | 'after'>, shown: Settings): Settings {
  return knownBut(askedBy(change), change.before, shown)
}

/** The label of a field that a change asks for and a look says nothing of; undefined where it says all. */
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
