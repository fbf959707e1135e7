import { isModule, withAccess, withName, without } from '../domain/adjust.ts'
import { isDay, movedTo } from '../domain/expiry.ts'
import { Refusal } from '../domain/refusal.ts'
import { type Access, modules, type Permissions, type Settings } from '../domain/token.ts'

/** An edit as it is typed on a command line. */
export type TypedEdit = {
  readonly name?: string
  readonly description?: string
  /** `yyyy-MM-dd`, or `never`. */
  readonly expires?: string
  /** `entry=write`, `asset=none`, `all=read` … */
  readonly grant?: readonly string[]
  /** `+main` or `-main`. */
  readonly branch?: readonly string[]
  readonly alias?: readonly string[]
  /** `organisation`, or reads and writes a second: `10/5`. */
  readonly rates?: string
  /** `yes` or `no`. */
  readonly notify?: string
}

/** What a token would be after the edit. Throws a Refusal for what can't be read. */
export function edited(before: Settings, typed: TypedEdit): Settings {
  const { name, description, expires, grant, branch, alias, rates, notify } = typed
  return {
    ...before,
    name: name ?? before.name,
    description: description ?? before.description,
    expiresOn: expires === undefined ? before.expiresOn : expiryOf(expires, before.expiresOn),
    emailNotice: notify === undefined ? before.emailNotice : yesOrNo(notify),
    permissions: (grant ?? []).reduce(granted, before.permissions),
    branches: (branch ?? []).reduce(listed, before.branches),
    aliases: (alias ?? []).reduce(listed, before.aliases),
    rateLimits: rates === undefined ? before.rateLimits : ratesOf(rates, before.rateLimits),
  }
}

function expiryOf(text: string, before: string | null): string | null {
  if (text === 'never') return null
  if (isDay(text)) return movedTo(text, before)
  throw unreadable('--expires', text, 'a day such as 2027-01-31, or never')
}

function granted(permissions: Permissions, text: string): Permissions {
  const [to = '', access = ''] = text.split('=')
  if (!isAccess(access)) throw unreadable('--grant', text, 'what and how much, such as entry=write or asset=none')
  const where = to === '$all' ? 'all' : to
  if (where !== 'all' && !isModule(where)) throw unreadable('--grant', text, `one of all, ${modules.join(', ')}`)
  return withAccess(permissions, where, access)
}

function isAccess(text: string): text is Access {
  return text === 'none' || text === 'read' || text === 'write'
}

function listed(names: readonly string[], text: string): string[] {
  const [sign, name] = [text[0], text.slice(1)]
  if (name === '' || (sign !== '+' && sign !== '-'))
    throw unreadable('--branch or --alias', text, 'a name to add or take away, such as +main or -main')
  return sign === '+' ? withName(names, name) : without(names, name)
}

function yesOrNo(text: string): boolean {
  if (text === 'yes' || text === 'no') return text === 'yes'
  throw unreadable('--notify', text, 'yes or no')
}

function ratesOf(text: string, { kind }: Settings['rateLimits']): Settings['rateLimits'] {
  if (kind === 'ungoverned')
    throw new Refusal('invalid', 'Rate limits are not managed for this stack (rate_limit_fields): leave --rates out.')
  if (text === 'organisation') return { kind: 'organisation' }
  const [, read, write] = /^(\d+)\/(\d+)$/.exec(text) ?? []
  if (read && write) return { kind: 'custom', read: Number(read), write: Number(write) }
  throw unreadable('--rates', text, 'reads and writes a second such as 10/5, or organisation')
}

function unreadable(option: string, text: string, wanted: string): Refusal {
  return new Refusal('invalid', `${option} ${text} can't be read: give ${wanted}.`)
}
