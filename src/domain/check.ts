import { instantOf } from './expiry.ts'
import type { Settings, StackFacts } from './token.ts'

/** Characters in a token's name. Source: contentstack.md §1 (the web app's own counter). */
export const nameLimit = 50

type Field = 'name' | 'branches' | 'aliases' | 'permissions' | 'expiresOn' | 'readRate' | 'writeRate' | 'reason'
export type FieldErrors = Partial<Record<Field, string>>

type Asked = { before: Settings; after: Settings; reason: string; facts: StackFacts; now: Date }

/** What stands in the way of asking for `after`, field by field, in words for the person who fills in the form. */
export function check({ before, after, reason, facts, now }: Asked): FieldErrors {
  const errors = {
    name: nameError(before, after),
    branches: scopeError(after, facts) ?? unknownNames('branch', before.branches, after.branches, facts.branches),
    aliases: unknownNames('branch alias', before.aliases, after.aliases, facts.aliases),
    permissions: accessError(after),
    expiresOn: expiryError(before, after, now),
    ...rateErrors(before, after, facts),
    reason: reason.trim() === '' ? 'Say why: the approvers decide by it, and the log keeps it.' : undefined,
  }
  return Object.fromEntries(Object.entries(errors).filter(([, message]) => message !== undefined))
}

function nameError(before: Settings, after: Settings): string | undefined {
  if (after.name.trim() === '') return 'A token needs a name.'
  const length = [...after.name].length
  if (length > nameLimit && after.name !== before.name)
    return `A name has at most ${nameLimit} characters; this one has ${length}.`
  return undefined
}

function scopeError(after: Settings, facts: StackFacts): string | undefined {
  const scoped = after.branches.length > 0 || after.aliases.length > 0
  return facts.branchesEnabled && !scoped
    ? 'This stack uses branches: a token needs at least one branch or alias.'
    : undefined
}

/** A select can send back a name that has gone since it was offered. What the token has already may stay. */
function unknownNames(
  what: string,
  before: readonly string[],
  after: readonly string[],
  existing: readonly string[],
): string | undefined {
  const unknown = after.filter((name) => !existing.includes(name) && !before.includes(name))
  return unknown.length > 0 ? `The stack has no ${what} called ${unknown.join(', ')}.` : undefined
}

function accessError({ permissions, otherScope }: Settings): string | undefined {
  const none = permissions.everything === 'none' && Object.keys(permissions.modules).length === 0
  return none && otherScope.length === 0 ? 'This token could do nothing at all: give it some access.' : undefined
}

function expiryError(before: Settings, after: Settings, now: Date): string | undefined {
  if (after.expiresOn === before.expiresOn) return undefined
  const expiry = instantOf(after.expiresOn)
  if (expiry === null || instantOf(before.expiresOn) === expiry) return undefined
  if (Number.isNaN(expiry)) return 'This is no date: choose a day.'
  return expiry <= now.getTime()
    ? 'The token would have expired already: it ends at midnight UTC as that day begins. Choose a later day.'
    : undefined
}

function rateErrors(before: Settings, after: Settings, facts: StackFacts): FieldErrors {
  if (after.rateLimits.kind !== 'custom') return {}
  if (before.rateLimits.kind === 'ungoverned' || !facts.rateLimitsGoverned)
    return { readRate: 'Rate limits are not managed for this stack.' }
  const { read, write } = after.rateLimits
  const readRate = rateError(read, 'reads', facts.organisationLimits?.read)
  const writeRate = rateError(write, 'writes', facts.organisationLimits?.write)
  return { ...(readRate && { readRate }), ...(writeRate && { writeRate }) }
}

function rateError(rate: number, what: string, limit: number | undefined): string | undefined {
  if (!Number.isInteger(rate) || rate <= 0) return 'Give a whole number above zero.'
  return limit !== undefined && rate > limit ? `The organisation allows at most ${limit} ${what} a second.` : undefined
}
