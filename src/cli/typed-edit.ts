import type { Command } from 'commander'
import { Refusal } from '../domain/refusal.ts'
import { withAccess } from '../domain/token/access.ts'
import { isDay, movedTo } from '../domain/token/expiry.ts'
import type { SettingKey } from '../domain/token/field.ts'
import { withName, without } from '../domain/token/names.ts'
import { type Access, isModule, modules, type Permissions, type Settings } from '../domain/token/token.ts'
import { several } from './options.ts'

/** An edit as typed on a command line. */
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

/** Adds the options for the parts of an edit. */
export function withEdit(command: Command): Command {
  return command
    .option('--name <name>', 'another name')
    .option('--description <text>', 'another description')
    .option('--expires <day>', 'a day such as 2027-01-31, or never')
    .option('--grant <access>', 'entry=write, asset=none, all=read …; may be repeated', several)
    .option('--branch <name>', '+main or -main; may be repeated', several)
    .option('--alias <name>', '+live or -live; may be repeated', several)
    .option('--rates <limits>', 'reads and writes per second, such as 10/5, or organisation')
    .option('--notify <yes|no>', 'whether Contentstack sends an e-mail 7 days before expiry')
}

/** The token's settings after the edit. Throws a Refusal for a value that can't be read. */
export function edited(before: Settings, typed: TypedEdit): Settings {
  const settings = Object.fromEntries(keys.map((key) => [key, typedFields[key](before, typed)]))
  return { ...before, ...(settings as Pick<Settings, SettingKey>) }
}

/** Reads each field as typed; the first one that can't be read is reported, in this order. */
const typedFields: { readonly [K in SettingKey]: (before: Settings, typed: TypedEdit) => Settings[K] } = {
  name: (before, { name }) => name ?? before.name,
  description: (before, { description }) => description ?? before.description,
  expiresOn: (before, { expires }) => (expires === undefined ? before.expiresOn : expiryOf(expires, before.expiresOn)),
  emailNotice: (before, { notify }) => (notify === undefined ? before.emailNotice : yesOrNo(notify)),
  permissions: (before, { grant = [] }) => grant.reduce(granted, before.permissions),
  branches: (before, { branch = [] }) => branch.reduce(listed, before.branches),
  aliases: (before, { alias = [] }) => alias.reduce(listed, before.aliases),
  rateLimits: (before, { rates }) => (rates === undefined ? before.rateLimits : ratesOf(rates, before.rateLimits)),
  otherScope: (before) => before.otherScope,
}

const keys = Object.keys(typedFields) as readonly SettingKey[]

function expiryOf(text: string, before: string | null): string | null {
  if (text === 'never') return null
  if (isDay(text)) return movedTo(text, before)
  throw unreadable('--expires', text, 'a day such as 2027-01-31, or never')
}

function granted(permissions: Permissions, text: string): Permissions {
  const [to = '', access = ''] = text.split('=')
  if (!isAccess(access)) throw unreadable('--grant', text, 'what and how much, such as entry=write or asset=none')
  const where = to === '$all' || to === 'all' ? 'everything' : to
  if (where !== 'everything' && !isModule(where)) throw unreadable('--grant', text, `one of all, ${modules.join(', ')}`)
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
  throw unreadable('--rates', text, 'reads and writes per second, such as 10/5, or organisation')
}

function unreadable(option: string, text: string, wanted: string): Refusal {
  return new Refusal('invalid', `${option} ${text} can't be read: give ${wanted}.`)
}
