import { distinct } from '../look-alikes.ts'
import { isBlank } from '../text.ts'
import { accessParts, permissionsError, takeAccess } from './access.ts'
import { type Effect, noEffects } from './effect.ts'
import { expiryEffects, expiryError, expiryRead, isSameDay, isWithinADay } from './expires-on.ts'
import { whyExpiryStays } from './expiry.ts'
import type { Asked, Field, FieldKey, Said, SettingKey } from './field.ts'
import {
  aliasesError,
  aliasesRead,
  branchesError,
  branchesRead,
  isListBetween,
  mergedNames,
  pointsElsewhere,
} from './names.ts'
import { areLimitsKnown, isOneOfTwoLimits, rateEffects, rateErrors, rateLimitsInWords } from './rate-limits.ts'
import { reachEffects } from './reach-effects.ts'
import type { Settings } from './token.ts'

/**
 * Every field of a token's settings, in the order in which people see them: its label, its value in words, its
 * differences, and its rules. Everything that compares, checks, rebases or judges settings goes through this.
 */
export const fields: { readonly [K in SettingKey]: Field<K> } = {
  name: {
    label: 'Name',
    reads: ({ name }) => ({ value: distinct(name), meaning: name }),
    effects: noEffects,
    check: nameError,
    isRewritten: (sent, found, alike) => alike(sent.name, found.name),
  },
  description: {
    label: 'Description',
    reads: ({ description }) => ({ value: description || 'none', meaning: description }),
    effects: noEffects,
    isRewritten: (sent, found, alike) => alike(sent.description, found.description),
  },
  branches: {
    label: 'Branches',
    reads: branchesRead,
    effects: reachEffects,
    check: branchesError,
    merge: ({ before, after }, live) => mergedNames(before.branches, after.branches, live.branches),
    mayBePart: ({ before, after }, live) => isListBetween(before.branches, after.branches, live.branches),
  },
  aliases: {
    label: 'Branch aliases',
    reads: aliasesRead,
    differsBesides: pointsElsewhere,
    effects: reachEffects,
    check: aliasesError,
    merge: ({ before, after }, live) => mergedNames(before.aliases, after.aliases, live.aliases),
    mayBePart: ({ before, after }, live) => isListBetween(before.aliases, after.aliases, live.aliases),
  },
  permissions: {
    parts: accessParts,
    effects: reachEffects,
    check: permissionsError,
    take: takeAccess,
  },
  expiresOn: {
    label: 'Expires',
    reads: expiryRead,
    effects: expiryEffects,
    check: expiryError,
    whyStays: whyExpiryStays,
    isRewritten: isSameDay,
    mayBePart: isWithinADay,
  },
  emailNotice: {
    label: 'E-mail 7 days before expiry',
    reads: ({ emailNotice }) => (emailNotice ? 'yes' : 'no'),
    effects: noEffects,
  },
  rateLimits: {
    label: 'Rate limits',
    reads: ({ rateLimits }) => rateLimitsInWords(rateLimits),
    effects: rateEffects,
    check: rateErrors,
    isKnown: areLimitsKnown,
    mayBePart: isOneOfTwoLimits,
    whyKept: 'custom limits are a plan feature, which this organisation may not have',
  },
  otherScope: {
    label: 'Other scope entries',
    reads: ({ otherScope }) => [...new Set(otherScope)].sort().join(' ') || 'none',
    effects: otherEffects,
    isKept: true,
  },
}

/** In the order of `fields`. */
export const settingKeys = Object.keys(fields) as readonly SettingKey[]

/** The parts that people are told about, in that order. */
export const parts: readonly (Said & { readonly key: FieldKey; readonly setting: SettingKey })[] = settingKeys.flatMap(
  (setting) => {
    const field: Field<SettingKey> = fields[setting]
    return 'parts' in field
      ? field.parts.map((part) => ({ ...part, setting }))
      : [{ ...field, key: setting as FieldKey, setting }]
  },
)

const byKey = new Map(parts.map((part) => [part.key, part]))

export function partOf(key: FieldKey): (typeof parts)[number] {
  return byKey.get(key)!
}

type Entry = {
  readonly key: SettingKey
  readonly isKept: boolean
  readonly merge: Field<SettingKey>['merge']
  readonly take: NonNullable<Field<SettingKey>['take']>
}

/** All of the same shape, since every look at a token goes through them. */
const entries: readonly Entry[] = settingKeys.map((key) => {
  const { isKept, merge, take = whole(key) }: Field<SettingKey> = fields[key]
  return { key, isKept: isKept === true, merge, take }
})

function whole(key: SettingKey): Entry['take'] {
  return (base, from, keys) => (keys.has(key as FieldKey) ? from : base)[key]
}

/** Settings with one value for each field. A field about which nothing is known is left out. */
export function eachField(value: (field: Entry) => Settings[SettingKey]): Pick<Settings, SettingKey> {
  const made: Partial<Record<SettingKey, unknown>> = {}
  for (const entry of entries) {
    const found = value(entry)
    if (found !== undefined) made[entry.key] = found
  }
  return made as Pick<Settings, SettingKey>
}

/** Fields that a look may say nothing about, like rate limits when nobody has configured which fields hold them. */
export const perhapsUnknown = parts.flatMap(({ key, setting, label, isKnown }) =>
  isKnown === undefined ? [] : [{ key, setting, label, isKnown }],
)

/** Characters in a token's name. Source: contentstack.md §1 (the web app's own counter). */
export const nameLimit = 50

function nameError({ before, after }: Asked): string | undefined {
  if (isBlank(after.name) && after.name !== before.name) return 'A token needs a name.'
  const length = [...after.name].length
  if (length > nameLimit && after.name !== before.name)
    return `A name has at most ${nameLimit} characters; this one has ${length}.`
  return undefined
}

function otherEffects(before: Settings, after: Settings): readonly Effect[] {
  const entries = ({ otherScope }: Settings) => JSON.stringify([...new Set(otherScope)].sort())
  return entries(before) === entries(after) ? [] : [{ direction: 'unknown', what: { kind: 'other' } }]
}
