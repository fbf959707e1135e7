import type { Behaviour } from './behaviour.ts'
import type { WireScope, WireToken } from './wire-token.ts'

export type Stack = {
  branchesEnabled: boolean
  branches: readonly string[]
  aliases: { alias: string; target: string }[]
  organisationLimits: { read: number; write: number } | null
}

/** Field → what is wrong with it, as in the `errors` of the stack's answer. */
export type FieldErrors = Record<string, string[]>

/** Source: contentstack.md §2 (documented, or accepted by the live API in the vendor's own test suites). */
const knownModules = [
  ...['$all', 'content_type', 'entry', 'asset', 'environment', 'locale', 'global_field', 'webhook', 'workflow'],
  ...['release', 'label', 'extension', 'role', 'branch', 'branch_alias'],
]

type Update = { stored: WireToken; token: WireToken; all: readonly WireToken[]; stack: Stack; behaviour: Behaviour }

/**
 * The stack's complaints about `token`, as an update of `stored` would leave it. Source of the shapes: contentstack.md
 * §7.
 */
export function faults({ stored, token, all, stack, behaviour }: Update): FieldErrors {
  return {
    ...nameFaults(token, all),
    ...expiryFaults(token.expires_on),
    ...scopeFaults(token.scope, stored.scope, stack),
    ...rateLimitFaults(token, stack, behaviour),
  }
}

function nameFaults({ uid, name }: WireToken, others: readonly WireToken[]): FieldErrors {
  if (typeof name !== 'string' || name.trim() === '') return { name: ['is a required field'] }
  return others.some((other) => other.uid !== uid && other.name === name) ? { name: ['is already taken.'] } : {}
}

function expiryFaults(expiresOn: unknown): FieldErrors {
  const valid = expiresOn === null || expiresOn === undefined || !Number.isNaN(Date.parse(String(expiresOn)))
  return valid ? {} : { expires_on: ['is not a valid date.'] }
}

/** A module that the token already has may stay, whatever it is: the stack takes back anything it has shown. */
function scopeFaults(scope: unknown, stored: readonly WireScope[] | undefined, stack: Stack): FieldErrors {
  if (!Array.isArray(scope)) return { scope: ['is not valid.'] }
  const known = new Set([...knownModules, ...(stored ?? []).map((entry) => entry?.module)])
  const unknown = scope.filter((entry) => !known.has(entry?.module)).map((entry) => String(entry?.module))
  if (unknown.length > 0) return { 'scope.module': unknown.map((module) => `'${module}' is not valid.`) }
  const branches = namesIn(scope, 'branch', 'branches')
  const aliases = namesIn(scope, 'branch_alias', 'branch_aliases')
  const errors = {
    'scope.branch': missing(branches, stack.branches, 'branch(es)'),
    'scope.branch_alias': missing(
      aliases,
      stack.aliases.map(({ alias }) => alias),
      'branch alias(es)',
    ),
    'scope.branch_or_alias':
      stack.branchesEnabled && branches.length + aliases.length === 0 ? ['is a required field'] : [],
  }
  return Object.fromEntries(Object.entries(errors).filter(([, faults]) => faults.length > 0))
}

function namesIn(scope: readonly (Record<string, unknown> | null)[], module: string, key: string): string[] {
  return scope.filter((entry) => entry?.module === module).flatMap((entry) => (entry?.[key] as string[]) ?? [])
}

function missing(names: readonly string[], existing: readonly string[], what: string): string[] {
  const unknown = names.filter((name) => !existing.includes(name))
  return unknown.length > 0 ? [`${unknown.join(', ')} ${what} not found.`] : []
}

function rateLimitFaults(token: WireToken, stack: Stack, { rateLimitFields }: Behaviour): FieldErrors {
  if (rateLimitFields === null || at(token, rateLimitFields.enabled) !== true) return {}
  const { read, write } = rateLimitFields
  const limits = stack.organisationLimits
  return { ...rateFaults(token, read, limits?.read), ...rateFaults(token, write, limits?.write) }
}

function rateFaults(token: WireToken, path: string, most = Number.POSITIVE_INFINITY): FieldErrors {
  const rate = at(token, path)
  if (typeof rate !== 'number' || rate <= 0) return { [path]: ['is a required field'] }
  return rate > most ? { [path]: [`should not be more than ${most}.`] } : {}
}

function at(token: WireToken, path: string): unknown {
  return path.split('.').reduce<unknown>((part, key) => (part as Record<string, unknown> | undefined)?.[key], token)
}
