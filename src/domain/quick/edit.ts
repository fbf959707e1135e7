import { nearestWord } from '../nearest.ts'
import { Refusal } from '../refusal.ts'
import { accessError } from '../token/access.ts'
import { withName, without } from '../token/adjust.ts'
import { check, errorsInWords } from '../token/check.ts'
import { same } from '../token/diff.ts'
import { dayOf, instantOf, laterBy, movedTo, whyExpiryStays } from '../token/expiry.ts'
import type { FieldErrors } from '../token/field.ts'
import { notListed, notRead, scopeError } from '../token/names.ts'
import type { RateLimits, Settings, StackFacts } from '../token/token.ts'
import { granted, revoked } from './access.ts'
import { exampleOf, type QuickCommand } from './command.ts'
import { inLine } from './quoted.ts'

type Around = { readonly before: Settings; readonly facts: StackFacts; readonly now: Date }
type Of<Verb extends QuickCommand['verb']> = Extract<QuickCommand, { verb: Verb }>

/**
 * What the token would be after a quick command: something that the form could say too, and that may be asked for now.
 * A grant never takes access away, and a revoke never gives any. Throws a Refusal in words for whoever typed it.
 */
export function quickEdit(command: QuickCommand, around: Around): Settings {
  const { before, facts, now } = around
  const after = edited(command, around)
  if (same(before, after))
    throw new Refusal(
      'no_changes',
      'Nothing would change: when it was last looked at, the token was already set this way.',
    )
  // A reason can still be given in the form.
  const errors = check({ before, after, reason: command.reason ?? 'to be given', facts, now })
  const said = errorsInWords({ ...errors, ...nothingLeft(command, around, after) })
  if (said !== '') throw new Refusal('invalid', said)
  return after
}

/** What a form says of a token that would be left with nothing, in the terms of the command. */
function nothingLeft(command: QuickCommand, { before, facts }: Around, after: Settings): FieldErrors {
  const leaves = `That would leave token ${inLine(command.token)} no`
  if (command.verb === 'revoke' && accessError(before, after) !== undefined)
    return { permissions: `${leaves} access at all. ${lessAccess(command, before)}` }
  if (command.verb === 'scope' && scopeError(before, after, facts) !== undefined)
    return {
      branches: `${leaves} branch or alias, and this stack uses branches: a token needs at least one. ${anotherName(command, facts)}`,
    }
  return {}
}

function lessAccess({ token }: Of<'revoke'>, { permissions: { everything, modules } }: Settings): string {
  return [everything, ...Object.values(modules)].includes('write')
    ? `Take away less, as in /token revoke ${inLine(token)} write.`
    : 'Leave it some access; a token that is no longer wanted can be deleted in Contentstack.'
}

function anotherName({ token, remove }: Of<'scope'>, { branches, aliases }: StackFacts): string {
  const other = [...branches, ...aliases].find((name) => !remove.includes(name))
  if (other === undefined) return 'Leave it one.'
  const signed = [`+${inLine(other)}`, ...remove.map((name) => `-${inLine(name)}`)].join(' ')
  return `Name another in the same command, as in /token scope ${inLine(token)} ${signed}.`
}

function edited(command: QuickCommand, { before, facts, now }: Around): Settings {
  switch (command.verb) {
    case 'rename':
      return { ...before, name: command.name }
    case 'extend':
      return { ...before, expiresOn: expiryAfter(command, before, now) }
    case 'grant':
      return { ...before, permissions: granted(before, command) }
    case 'revoke':
      return { ...before, permissions: revoked(before, command) }
    case 'scope':
      return command.remove.reduce(
        (settings, name) => takenAway(command, settings, name),
        command.add.reduce((settings, name) => added(command, settings, facts, name), before),
      )
    case 'limit':
      return { ...before, rateLimits: limitsAfter(command, before.rateLimits, facts) }
  }
}

/**
 * The day that a length of time is counted from: the one on which the token expires, or today (UTC) when that is over.
 * Null for a token that never expires, or whose expiry can't be read.
 */
export function countedFrom(expiresOn: string | null, now: Date): { day: string; isToday: boolean } | null {
  const [day, today] = [dayOf(expiresOn), dayOf(now.toISOString())]
  if (day === null || today === null) return null
  return instantOf(expiresOn)! > now.getTime() ? { day, isToday: false } : { day: today, isToday: true }
}

function expiryAfter({ until, ...command }: Of<'extend'>, before: Settings, now: Date): string | null {
  const stays = whyExpiryStays(before)
  if (stays !== null) throw new Refusal('invalid', stays)
  const { expiresOn } = before
  if (until.kind === 'never') return null
  if (until.kind === 'day') return movedTo(until.day, expiresOn)
  const from = countedFrom(expiresOn, now)
  if (from === null)
    throw new Refusal(
      'invalid',
      `${expiresOn === null ? 'The token never expires' : 'When the token expires is not understood'}, so a length of time has nothing to count from: give a day, as in /token extend ${inLine(command.token)} ${laterBy(now.toISOString().slice(0, 10), { count: 90, unit: 'd' })}.`,
    )
  const day = laterBy(from.day, until)
  if (day === null) throw new Refusal('invalid', 'That is beyond the year 9999: give a shorter time, or never.')
  return movedTo(day, expiresOn)
}

function added({ token }: Of<'scope'>, settings: Settings, facts: StackFacts, name: string): Settings {
  const { branches, aliases } = settings
  if (branches.includes(name) || aliases.includes(name)) return settings
  if (facts.branches.includes(name)) return { ...settings, branches: withName(branches, name) }
  if (facts.aliases.includes(name)) return { ...settings, aliases: withName(aliases, name) }
  const { branches: noBranches, aliases: noAliases } = facts.unlisted ?? {}
  if (noBranches !== undefined) throw new Refusal('invalid', notListed('branch', noBranches))
  if (noAliases !== undefined) throw new Refusal('invalid', notListed('alias', noAliases))
  const unread = unreadIn(facts)
  if (unread !== '') throw new Refusal('invalid', `Countersign knows of no branch or alias called ${name}. ${unread}`)
  const meant = nearestWord(name, [...facts.branches, ...facts.aliases])
  throw unknownName(
    `The stack had no branch or alias called ${name} when it was last looked at.`,
    token,
    meant && `+${meant}`,
  )
}

function unreadIn({ unread: { branches, aliases } = {} }: StackFacts): string {
  return [branches && notRead('branch', branches), aliases && notRead('alias', aliases)].filter(Boolean).join(' ')
}

function takenAway({ token }: Of<'scope'>, settings: Settings, name: string): Settings {
  const { branches, aliases } = settings
  if (branches.includes(name)) return { ...settings, branches: without(branches, name) }
  if (aliases.includes(name)) return { ...settings, aliases: without(aliases, name) }
  const all = [...branches, ...aliases]
  const meant = nearestWord(name, all) ?? all[0] ?? null
  throw unknownName(
    `The token names no branch or alias ${name}; it names ${all.join(', ') || 'none'}.`,
    token,
    meant && `-${meant}`,
  )
}

function unknownName(what: string, token: string, meant: string | null): Refusal {
  const instead = meant === null ? '' : ` Did you mean ${meant}? For example: /token scope ${inLine(token)} ${meant}`
  return new Refusal('invalid', `${what}${instead}`)
}

function limitsAfter({ to, token }: Of<'limit'>, before: RateLimits, { rateLimitsGoverned }: StackFacts): RateLimits {
  if (before.kind === 'ungoverned' || !rateLimitsGoverned)
    throw new Refusal(
      'invalid',
      `Rate limits are not managed for this stack (rate_limit_fields), so they stay as they are. What can be done: /token ${exampleOf('extend', token)}`,
    )
  return to === 'organisation' ? { kind: 'organisation' } : { kind: 'custom', ...to }
}
