import { diff } from './diff.ts'
import { instantOf, whyExpiryStays, whyOver } from './expiry.ts'
import { modulesNotUnderstood, namesBranchesUnclearly } from './not-understood.ts'
import { isBlank } from './text.ts'
import type { Permissions, Settings, StackFacts, Unread } from './token.ts'

/** Characters in a token's name. Source: contentstack.md §1 (the web app's own counter). */
export const nameLimit = 50

/**
 * Characters that a change may ask for in all, its reason included. An approver must be shown all of it on one card, and
 * Slack takes only so much in one message, without saying how much: this is well below what was ever refused.
 */
const cardLimit = 8000

type Field = 'name' | 'branches' | 'aliases' | 'permissions' | 'expiresOn' | 'readRate' | 'writeRate' | 'reason'
export type FieldErrors = Partial<Record<Field, string>>

type Asked = { before: Settings; after: Settings; reason: string; facts: StackFacts; now: Date }

/** What stands in the way of asking for `after`, field by field, in words for the person who fills in the form. */
export function check({ before, after, reason, facts, now }: Asked): FieldErrors {
  const errors = {
    name: nameError(before, after),
    branches:
      scopeError(before, after, facts) ??
      unknownNames('branch', facts, before.branches, after.branches) ??
      besideUnknown(before, before.branches.length === 0 && after.branches.length > 0 ? ['branch'] : []),
    aliases:
      unknownNames('alias', facts, before.aliases, after.aliases) ??
      besideUnknown(before, before.aliases.length === 0 && after.aliases.length > 0 ? ['branch_alias'] : []),
    permissions: accessError(before, after) ?? besideUnknown(before, newlyGranted(before, after)),
    expiresOn: expiryError(before, after, now),
    ...rateErrors(before, after, facts),
    reason: reasonError(reason) ?? lengthError(before, after, reason),
  }
  return Object.fromEntries(Object.entries(errors).filter(([, message]) => message !== undefined))
}

/** What stands in the way in one text: what two fields have in common is said once. */
export function errorsInWords(errors: Readonly<Record<string, string>>): string {
  return [...new Set(Object.values(errors))].join(' ')
}

function nameError(before: Settings, after: Settings): string | undefined {
  if (isBlank(after.name) && after.name !== before.name) return 'A token needs a name.'
  const length = [...after.name].length
  if (length > nameLimit && after.name !== before.name)
    return `A name has at most ${nameLimit} characters; this one has ${length}.`
  return undefined
}

/** What is as it was may stay, as may an entry that names branches in a way that the app does not understand. */
export function scopeError(before: Settings, after: Settings, facts: StackFacts): string | undefined {
  const moved = diff(before, after).some(({ key }) => key === 'branches' || key === 'aliases')
  const scoped = after.branches.length > 0 || after.aliases.length > 0 || namesBranchesUnclearly(after)
  return facts.branchesEnabled && moved && !scoped
    ? 'This stack uses branches: a token needs at least one branch or alias.'
    : undefined
}

/** A select can send back a name that has gone since it was offered. What the token has already may stay. */
function unknownNames(
  kind: 'branch' | 'alias',
  { branches, aliases, unlisted = {}, unread = {} }: StackFacts,
  before: readonly string[],
  after: readonly string[],
): string | undefined {
  const existing = kind === 'branch' ? branches : aliases
  const unknown = after.filter((name) => !existing.includes(name) && !before.includes(name))
  if (unknown.length === 0) return undefined
  const why = kind === 'branch' ? unlisted.branches : unlisted.aliases
  if (why !== undefined) return notListed(kind, why)
  const odd = kind === 'branch' ? unread.branches : unread.aliases
  const called = `${kind === 'branch' ? 'branch' : 'branch alias'} called ${unknown.join(', ')}`
  return odd === undefined ? `The stack has no ${called}.` : `Countersign knows of no ${called}. ${notRead(kind, odd)}`
}

/** What can't be offered, and what is possible all the same. */
export function notListed(kind: 'branch' | 'alias', why: string): string {
  const names = kind === 'branch' ? 'branches' : 'branch aliases'
  return `Contentstack did not list the ${names} of this stack (${why}), so none can be added here. Those that the token has can stay or be taken away.`
}

/** What of a list can't be offered, though the stack has it. */
export function notRead(kind: 'branch' | 'alias', { count, why }: Unread): string {
  const [one, several] = kind === 'branch' ? ['branch', 'branches'] : ['branch alias', 'branch aliases']
  return count === 1
    ? `The stack lists a ${one} that can't be read (${why}), so it can't be added here: add it in Contentstack.`
    : `The stack lists ${count} ${several} that can't be read (the first: ${why}), so they can't be added here: add them in Contentstack.`
}

export function accessError(before: Settings, { permissions, otherScope }: Settings): string | undefined {
  const none = ({ everything, modules }: Permissions) => everything === 'none' && Object.keys(modules).length === 0
  return none(permissions) && !none(before.permissions) && otherScope.length === 0
    ? 'This token could do nothing at all: give it some access.'
    : undefined
}

function newlyGranted({ permissions: before }: Settings, { permissions: after }: Settings): string[] {
  const added = Object.keys(after.modules).filter((module) => !(module in before.modules))
  return before.everything === 'none' && after.everything !== 'none' ? ['$all', ...added] : added
}

/** Nothing says what the stack makes of a second entry for the same module, so none is put beside one that is not understood. */
function besideUnknown(before: Settings, granted: readonly string[]): string | undefined {
  const unknown = modulesNotUnderstood(before)
  const clash = granted.find((module) => unknown.includes(module))
  return clash === undefined
    ? undefined
    : `The token has an entry for ${clash} that Countersign does not understand, so none can be added here: edit it in Contentstack.`
}

function reasonError(reason: string): string | undefined {
  return isBlank(reason) ? 'Say why: the approvers decide by it, and the log keeps it.' : undefined
}

function lengthError(before: Settings, after: Settings, reason: string): string | undefined {
  const asked = diff(before, after).map((field) => field.after)
  const length = [...asked, reason].reduce((sum, text) => sum + text.length, 0)
  return length > cardLimit
    ? `This is too long to be shown whole to an approver (${length} characters, and at most ${cardLimit} fit): ask for it in parts.`
    : undefined
}

function expiryError(before: Settings, after: Settings, now: Date): string | undefined {
  if (after.expiresOn === before.expiresOn) return undefined
  const stays = whyExpiryStays(before)
  if (stays !== null) return stays
  const expiry = instantOf(after.expiresOn)
  if (expiry === null || instantOf(before.expiresOn) === expiry) return undefined
  if (Number.isNaN(expiry)) return 'This is no date: choose a day.'
  const over = whyOver({ before, after }, now)
  return over === null ? undefined : `${over} Choose a later day.`
}

function rateErrors(before: Settings, after: Settings, facts: StackFacts): FieldErrors {
  if (after.rateLimits.kind !== 'custom' || !diff(before, after).some((field) => field.key === 'rateLimits')) return {}
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
