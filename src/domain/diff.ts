import { expiryInWords, instantOf } from './expiry.ts'
import { distinct, distinctInList } from './look-alikes.ts'
import { aliasInWords, repointed, withoutTargets } from './targets.ts'
import { type Access, type Module, modules, type RateLimits, type Settings } from './token.ts'

/** One field that differs, in words for a person. `key` is stable and unique within a diff. */
export type FieldChange = {
  readonly key: FieldKey
  readonly label: string
  readonly before: string
  readonly after: string
}

export type FieldKey =
  | 'name'
  | 'description'
  | 'branches'
  | 'aliases'
  | 'everything'
  | `module.${Module}`
  | 'expiresOn'
  | 'emailNotice'
  | 'rateLimits'
  | 'otherScope'

/**
 * What differs, by meaning: the order of branches, modules and keys is no difference. An alias that points to another branch is
 * one, where both say what it points to; so is a field about expiry that the app does not understand, where both say which there
 * are.
 */
export function diff(before: Settings, after: Settings): FieldChange[] {
  const others = otherExpiryMoved(before, after)
  const then = describe(before, others)
  const pointsElsewhere = repointed(before, after).length > 0
  return describe(after, others)
    .map(({ key, label, value, meaning }, i) => ({
      key,
      label,
      before: then[i]!.value,
      after: value,
      same: then[i]!.meaning === meaning && !(key === 'aliases' && pointsElsewhere),
    }))
    .filter((field) => !field.same)
    .map(({ key, label, before, after }) => ({ key, label, before, after }))
}

/** True where both say which fields about expiry there are that the app does not understand, and these differ. */
export function otherExpiryMoved({ otherExpiry: then }: Settings, { otherExpiry: now }: Settings): boolean {
  return then !== undefined && now !== undefined && then.join('\n') !== now.join('\n')
}

export function same(a: Settings, b: Settings): boolean {
  return diff(a, b).length === 0
}

type Ask = { readonly after: Settings; readonly reason: string }

/** Whether two people, or one of them twice, ask for the same in the same words. Nobody asks for what an alias points to. */
export function sameAsk(one: Ask, other: Ask): boolean {
  return same(withoutTargets(one.after), other.after) && one.reason === other.reason
}

export type FieldInWords = {
  readonly key: FieldKey
  readonly label: string
  readonly value: string
  /** Of a list, each entry of the value by itself. */
  readonly names?: readonly string[]
  /** Equal for two settings exactly when the field means the same in both, but for what aliases point to. */
  readonly meaning: string
}

/**
 * Every field in words, always the same fields in the same order. `withOthers`: the expiry with the fields beside it that the app
 * does not understand. One card asks for the same few settings dozens of times: those are kept.
 */
export function describe(settings: Settings, withOthers = false): readonly FieldInWords[] {
  const known = lately.find((one) => one.settings === settings && one.withOthers === withOthers)
  if (known) return known.fields
  const fields = inWords(settings, withOthers)
  if (lately.length === mostKept) lately.shift()
  lately.push({ settings, withOthers, fields })
  return fields
}

/** Before, after, live, and what the stack keeps. */
const mostKept = 4
const lately: { settings: Settings; withOthers: boolean; fields: readonly FieldInWords[] }[] = []

function inWords(settings: Settings, withOthers: boolean): FieldInWords[] {
  const list = (names: readonly string[]) => [...new Set(names)].sort()
  const { permissions } = settings
  const [branches, aliases] = [list(settings.branches), list(settings.aliases)]
  return [
    field('name', 'Name', distinct(settings.name), settings.name),
    field('description', 'Description', settings.description || 'none', settings.description),
    listField('branches', 'Branches', branches, branches.map(distinctInList)),
    listField(
      'aliases',
      'Branch aliases',
      aliases,
      aliases.map((alias) => aliasInWords(settings, alias)),
    ),
    field('everything', 'Whole stack', accessInWords(permissions.everything)),
    ...moduleFields.map(({ module, key, label }) =>
      field(key, label, accessInWords(permissions.modules[module] ?? 'none')),
    ),
    expiry(settings, withOthers ? (settings.otherExpiry ?? []) : []),
    field('emailNotice', 'E-mail 7 days before expiry', settings.emailNotice ? 'yes' : 'no'),
    field('rateLimits', 'Rate limits', rateLimitsInWords(settings.rateLimits)),
    field('otherScope', 'Other scope entries', list(settings.otherScope).join(' ') || 'none'),
  ]
}

/** Written once: fields are compared many times for each card. */
const moduleFields = modules.map((module) => ({
  module,
  key: `module.${module}` as const,
  label: moduleInWords(module),
}))

export function accessInWords(access: Access): string {
  return { none: 'no access', read: 'read', write: 'read and write' }[access]
}

/** `content_type` → `Content types` */
export function moduleInWords(module: Module): string {
  const words = module.replace('_', ' ')
  const plural = words.endsWith('y') ? `${words.slice(0, -1)}ies` : `${words}s`
  return plural[0]!.toUpperCase() + plural.slice(1)
}

function rateLimitsInWords(limits: RateLimits): string {
  if (limits.kind === 'custom') return ratesInWords(limits)
  return limits.kind === 'organisation' ? "the organisation's" : 'not managed here'
}

/** `1 read and 2 writes a second` */
export function ratesInWords({ read, write }: { readonly read: number; readonly write: number }): string {
  return `${read} ${read === 1 ? 'read' : 'reads'} and ${write} ${write === 1 ? 'write' : 'writes'} a second`
}

function field(key: FieldKey, label: string, value: string, meaning: string = value): FieldInWords {
  return { key, label, value, meaning }
}

function listField(key: FieldKey, label: string, list: readonly string[], names: readonly string[]): FieldInWords {
  return { ...field(key, label, names.join(', ') || 'none', JSON.stringify(list)), names }
}

function expiry({ expiresOn }: Settings, others: readonly string[]): FieldInWords {
  const beside = others.length === 0 ? '' : ` (${others.map(distinctInList).join(', ')})`
  return field('expiresOn', 'Expires', `${expiryInWords(expiresOn)}${beside}`, `${expiryMeaning(expiresOn)}${beside}`)
}

function expiryMeaning(expiresOn: string | null): string {
  const instant = instantOf(expiresOn)
  return JSON.stringify(Number.isNaN(instant) ? expiresOn : instant)
}
