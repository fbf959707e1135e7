import { copied } from '../copy.ts'
import type { Behaviour } from './behaviour.ts'

export type WireScope = {
  module: string
  acl: { read?: boolean; write?: boolean; [key: string]: unknown }
  branches?: string[]
  branch_aliases?: string[]
  [key: string]: unknown
}

/** A management token as the stack shows it. Its secret value is never shown. Source: contentstack.md §1. */
export type WireToken = {
  uid: string
  name: string
  description?: string
  scope?: WireScope[]
  expires_on?: string | null
  is_email_notification_enabled?: boolean
  created_by?: string
  updated_by?: string
  created_at?: string
  updated_at?: string
  [key: string]: unknown
}

const readOnly = ['uid', 'token', 'created_at', 'created_by', 'updated_at', 'updated_by']
const editable = ['name', 'description', 'scope', 'expires_on', 'is_email_notification_enabled']

/** The token as an update leaves it. `kept` names top-level keys that the stack pretends to take. */
export function updated(stored: WireToken, sent: object, behaviour: Behaviour, kept: readonly string[]): WireToken {
  const taken = Object.fromEntries(
    Object.entries(sent)
      .filter(([key]) => !readOnly.includes(key) && !kept.includes(key))
      .filter(([key]) => understands(stored, key, behaviour))
      .map(([key, value]) => [key, written(key, value, behaviour)]),
  )
  const rest = Object.entries(stored).filter(([key]) => readOnly.includes(key) || kept.includes(key))
  const base = behaviour.update === 'merge' ? stored : { ...unset, ...Object.fromEntries(rest) }
  return copied({ ...base, ...taken }) as WireToken
}

/** The time of an edit: never the same instant as the one before, however fast. */
export function editedAt(now: number, { updated_at }: WireToken): string {
  const last = Date.parse(updated_at ?? '')
  return new Date(Number.isNaN(last) ? now : Math.max(now, last + 1)).toISOString()
}

/** The token as an answer shows it. */
export function timed(token: WireToken, { times }: Behaviour): WireToken {
  if (times) return token
  const { updated_at, updated_by, ...untimed } = token
  return untimed as WireToken
}

/** The values that a replacing stack gives to keys an update doesn't name. */
const unset = { description: '', scope: [], expires_on: null, is_email_notification_enabled: false }

function understands(stored: WireToken, key: string, { rateLimitFields, dropUnknownKeys }: Behaviour): boolean {
  if (editable.includes(key)) return true
  if (rateLimitFields === null && key.startsWith('rate_limit')) return false
  const rateLimitKeys = Object.values(rateLimitFields ?? {}).map((path) => path.split('.')[0])
  return rateLimitKeys.includes(key) || Object.hasOwn(stored, key) || !dropUnknownKeys
}

/** A value in the form in which the stack keeps it. */
function written(key: string, value: unknown, behaviour: Behaviour): unknown {
  if (key === 'expires_on') return echoed(value, behaviour)
  if (key === 'scope' && Array.isArray(value)) return behaviour.scope === 'sorted' ? sorted(value) : value
  if ((key !== 'name' && key !== 'description') || typeof value !== 'string') return value
  return textIn[behaviour.text](value)
}

const trimmed = (text: string) => text.trim().replace(/\s+/g, ' ')
const textIn: Record<Behaviour['text'], (text: string) => string> = {
  'as sent': (text) => text,
  trimmed,
  'lower case': (text) => trimmed(text).toLowerCase(),
  'cut short': (text) => trimmed(text).slice(0, 32),
  'straight quotes': (text) => trimmed(text).replace(/[“”]/g, '"').replace(/[‘’]/g, "'"),
  escaped: (text) => trimmed(text).replace(/&/g, '&amp;'),
}

function sorted(scope: readonly WireScope[]): WireScope[] {
  const names = (list?: string[]) => list && [...new Set(list)].sort()
  return scope
    .map((entry) => ({
      ...entry,
      ...(entry.branches && { branches: names(entry.branches) }),
      ...(entry.branch_aliases && { branch_aliases: names(entry.branch_aliases) }),
    }))
    .sort((a, b) => a.module.localeCompare(b.module)) as WireScope[]
}

function echoed(expiresOn: unknown, { expiry }: Behaviour): unknown {
  if (typeof expiresOn !== 'string' || expiry === 'as sent') return expiresOn
  const instant = new Date(expiresOn).toISOString()
  if (expiry === 'end of day') return `${instant.slice(0, 10)}T23:59:59.999Z`
  return expiry === 'date' ? instant.slice(0, 10) : instant
}
