import type { QuickCommand, QuickVerb } from '../../domain/quick/verbs.ts'
import type { Settings } from '../../domain/token/token.ts'
import { type FormState, formStateOf, movedParts } from './form-state.ts'

/** The groups of the form, in the order in which people see them. Each is one line until it is opened. */
export const groups = ['naming', 'scope', 'access', 'expiry', 'rates'] as const
export type Group = (typeof groups)[number]

export function isGroup(text: unknown): text is Group {
  return (groups as readonly unknown[]).includes(text)
}

/** The group that a quick command is about. */
export const groupOfVerb: Readonly<Record<QuickVerb, Group>> = {
  rename: 'naming',
  extend: 'expiry',
  grant: 'access',
  revoke: 'access',
  restrict: 'access',
  scope: 'scope',
  limit: 'rates',
}

/** The same for what was asked for: `restrict` is about access, or about branches. */
export function groupAskedIn(command: QuickCommand): Group {
  return command.verb === 'restrict' && 'names' in command.only ? 'scope' : groupOfVerb[command.verb]
}

/** The group that holds each part of the form; null for the reason, which is always in sight. */
const groupsOf: Record<keyof FormState, Group | null> = {
  name: 'naming',
  description: 'naming',
  branches: 'scope',
  aliases: 'scope',
  everything: 'access',
  modules: 'access',
  expiry: 'expiry',
  date: 'expiry',
  emailNotice: 'expiry',
  rates: 'rates',
  readRate: 'rates',
  writeRate: 'rates',
  reason: null,
}

/** `part` may name one of several inputs (`branches.1`), or a single module (`module.entry`). */
export function groupOf(part: string): Group | null {
  const [whole = ''] = part.split('.')
  const key = whole === 'module' || whole === 'addModule' ? 'modules' : whole
  return key in groupsOf ? groupsOf[key as keyof FormState] : null
}

/** The part whose choice decides what this part means: a day means nothing beside "Never". */
export function choiceOf(part: string): string {
  if (part === 'date') return 'expiry'
  if (part === 'readRate' || part === 'writeRate') return 'rates'
  return part.startsWith('module.') ? 'everything' : part
}

/** The groups in which the form asks for something other than what the token has. */
export function changedGroups(form: FormState, before: Settings): Group[] {
  const changed = new Set(
    movedParts(formStateOf(before), form)
      .filter((part) => isInForce(part, form))
      .map(groupOf),
  )
  return groups.filter((group) => changed.has(group))
}

/** A value typed beside another choice is kept, but not asked for. */
function isInForce(part: string, form: FormState): boolean {
  if (part === 'date') return form.expiry === 'date'
  if (part === 'readRate' || part === 'writeRate') return form.rates === 'custom'
  return !part.startsWith('module.') || form.everything === 'none'
}
