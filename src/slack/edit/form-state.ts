import { z } from 'zod'
import { dayOf, movedTo } from '../../domain/token/expiry.ts'
import type { SettingKey } from '../../domain/token/field.ts'
import { nameLimit, settingKeys } from '../../domain/token/fields.ts'
import { otherExpiryOf } from '../../domain/token/rebase.ts'
import { type Module, modules, type Permissions, type RateLimits, type Settings } from '../../domain/token/token.ts'
import { limits } from '../kit/blocks.ts'

const access = z.enum(['none', 'read', 'write'])

/** Fields typed as plain text, and the inputs for them. */
export const textFields = {
  name: { label: 'Name', max: nameLimit },
  description: { label: 'Description', max: limits.input, multiline: true, optional: true },
} as const satisfies Partial<Record<SettingKey, TextField>>

type TextField = { readonly label: string; readonly max: number; readonly multiline?: true; readonly optional?: true }
export type TextKey = keyof typeof textFields
export const textKeys = Object.keys(textFields) as readonly TextKey[]

export function textsOf(text: (key: TextKey) => string): Record<TextKey, string> {
  return Object.fromEntries(textKeys.map((key) => [key, text(key)])) as Record<TextKey, string>
}

const texts = Object.fromEntries(textKeys.map((key) => [key, z.string()])) as Record<TextKey, z.ZodString>

const stateShape = z
  .object({
    ...texts,
    branches: z.array(z.string()).readonly(),
    aliases: z.array(z.string()).readonly(),
    everything: access,
    modules: z.record(z.enum(modules), access),
    expiry: z.enum(['never', 'date']),
    /** `yyyy-MM-dd` in UTC; null if none is chosen, or if the token's own could not be read as a date. */
    date: z.string().nullable(),
    emailNotice: z.boolean(),
    rates: z.enum(['organisation', 'custom', 'ungoverned']),
    /** Requests a second, as typed. */
    readRate: z.string(),
    writeRate: z.string(),
    reason: z.string(),
  })
  .readonly()
/** The values of an open form, whether or not every part of it is on the screen. Kept in the draft. */
export const formState = z.preprocess(sinceRenamed, stateShape)
export type FormState = z.infer<typeof formState>

export type FormErrors = Partial<Record<keyof FormState, string>>

/** The form as it first opens on a token. */
export function formStateOf(settings: Settings): FormState {
  const { permissions, rateLimits, expiresOn } = settings
  const rate = (of: 'read' | 'write') => (rateLimits.kind === 'custom' ? String(rateLimits[of]) : '')
  return {
    ...textsOf((key) => settings[key]),
    branches: settings.branches,
    aliases: settings.aliases,
    everything: permissions.everything,
    modules: modulesOf((module) => permissions.modules[module] ?? 'none'),
    expiry: expiresOn === null ? 'never' : 'date',
    date: dayOf(expiresOn),
    emailNotice: settings.emailNotice,
    rates: rateLimits.kind,
    readRate: rate('read'),
    writeRate: rate('write'),
    reason: '',
  }
}

/** The parts of a form that change when the token changes from `was` to `is`. */
export function movedParts(was: FormState, is: FormState): string[] {
  const keys = Object.keys(was).filter((key) => key !== 'modules') as (keyof FormState)[]
  const moved = modules.filter((one) => was.modules[one] !== is.modules[one])
  return [
    ...keys.filter((key) => !alike(meaningOf(was, key), meaningOf(is, key))),
    ...moved.map((one) => `module.${one}`),
  ]
}

/** The form, with these parts as in `is`. */
export function withParts(form: FormState, is: FormState, parts: readonly string[]): FormState {
  const keys = (Object.keys(is) as (keyof FormState)[]).filter((key) => parts.includes(key))
  const taken = Object.fromEntries(keys.map((key) => [key, is[key]]))
  const access = modulesOf((module) => (parts.includes(`module.${module}`) ? is : form).modules[module])
  return { ...form, ...taken, modules: access }
}

/** A rate may be typed in several ways. */
function meaningOf(form: FormState, key: keyof FormState): unknown {
  return key === 'readRate' || key === 'writeRate' ? (wholeNumber(form[key]) ?? form[key]) : form[key]
}

function alike(a: unknown, b: unknown): boolean {
  return Array.isArray(a) && Array.isArray(b) ? sameNames(a, b) : a === b
}

export function modulesOf(accessTo: (module: Module) => FormState['modules'][Module]): FormState['modules'] {
  return Object.fromEntries(modules.map((module) => [module, accessTo(module)])) as FormState['modules']
}

type Read = { readonly settings: Settings } | { readonly errors: FormErrors; readonly unsound: Settings }

/**
 * The settings that the form asks for. Anything it leaves alone stays exactly as in `before`. `unsound`: if something
 * can't be read, the same settings with nonsense in its place, so that the rest can be checked too.
 */
export function settingsOf(form: FormState, before: Settings): Read {
  const errors = { ...dateError(form, before), ...rateErrors(form, before) }
  const settings = asked(form, before)
  return Object.keys(errors).length > 0 ? { errors, unsound: settings } : { settings }
}

function asked(form: FormState, before: Settings): Settings {
  const settings = Object.fromEntries(settingKeys.map((key) => [key, asks[key](form, before)]))
  return { ...(settings as Pick<Settings, SettingKey>), ...otherExpiryOf(before) }
}

const rateParts = ['rates', 'readRate', 'writeRate']

/** The form with the rate limits that the token has; null if it asks for no others. */
export function withoutRates(form: FormState, before: Settings): FormState | null {
  const had = formStateOf(before)
  return form.rates !== 'ungoverned' && movedParts(had, form).some((part) => rateParts.includes(part))
    ? withParts(form, had, rateParts)
    : null
}

const asks: { readonly [K in SettingKey]: (form: FormState, before: Settings) => Settings[K] } = {
  name: (form) => form.name,
  description: (form) => form.description,
  branches: (form, before) => (sameNames(form.branches, before.branches) ? before.branches : form.branches),
  aliases: (form, before) => (sameNames(form.aliases, before.aliases) ? before.aliases : form.aliases),
  permissions: (form, before) => permissionsOf(form, before.permissions),
  expiresOn: (form, before) => expiresOnOf(form, before.expiresOn),
  emailNotice: (form) => form.emailNotice,
  rateLimits: (form, before) => rateLimitsOf(form, before.rateLimits),
  otherScope: (_, before) => before.otherScope,
}

function sameNames(a: readonly string[], b: readonly string[]): boolean {
  return a.length === b.length && a.every((name) => b.includes(name)) && b.every((name) => a.includes(name))
}

/**
 * Access per module is on the screen only without access to the whole stack; off the screen, it isn't carried into a
 * new choice.
 */
function permissionsOf(form: FormState, before: Permissions): Permissions {
  if (form.everything !== 'none')
    return { everything: form.everything, modules: form.everything === before.everything ? before.modules : {} }
  const granted = modules.filter((module) => form.modules[module] !== 'none')
  return { everything: 'none', modules: Object.fromEntries(granted.map((module) => [module, form.modules[module]])) }
}

function expiryUnchanged(form: FormState, expiresOn: string | null): boolean {
  if (form.expiry === 'never') return expiresOn === null
  return expiresOn !== null && form.date === dayOf(expiresOn)
}

function expiresOnOf(form: FormState, before: string | null): string | null {
  if (expiryUnchanged(form, before)) return before
  return form.expiry === 'never' || form.date === null ? null : movedTo(form.date, before)
}

function dateError(form: FormState, before: Settings): FormErrors {
  return form.expiry === 'date' && form.date === null && !expiryUnchanged(form, before.expiresOn)
    ? { date: 'No day is chosen, so the token would have no expiry: choose a day, or “Never”.' }
    : {}
}

function rateErrors(form: FormState, before: Settings): FormErrors {
  if (form.rates !== 'custom' || ratesUnchanged(form, before.rateLimits)) return {}
  const error = 'This is not a number of requests a second: give a whole number, such as 20.'
  return {
    ...(wholeNumber(form.readRate) === null && { readRate: error }),
    ...(wholeNumber(form.writeRate) === null && { writeRate: error }),
  }
}

function ratesUnchanged(form: FormState, before: RateLimits): boolean {
  if (form.rates !== before.kind) return false
  return before.kind !== 'custom' || (form.readRate === String(before.read) && form.writeRate === String(before.write))
}

function rateLimitsOf(form: FormState, before: RateLimits): RateLimits {
  if (form.rates === 'ungoverned' || ratesUnchanged(form, before)) return before
  if (form.rates === 'organisation') return { kind: 'organisation' }
  return { kind: 'custom', read: Number(form.readRate), write: Number(form.writeRate) }
}

function wholeNumber(text: string): number | null {
  const number = Number(text)
  return /^\s*\d+\s*$/.test(text) && Number.isSafeInteger(number) ? number : null
}

/** A draft that 0.2.0 left calls access to the whole stack otherwise. */
function sinceRenamed(kept: unknown): unknown {
  if (typeof kept !== 'object' || kept === null || !('whole' in kept)) return kept
  const { whole, ...others } = kept
  return { everything: whole, ...others }
}
