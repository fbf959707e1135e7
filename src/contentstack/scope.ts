import { canonicalJson } from '../domain/canonical.ts'
import { type Access, type Module, modules } from '../domain/token/token.ts'
import { type Fields, isFields } from './fields.ts'

/**
 * One entry of a token's scope: as it came, and as the app understands it. Source of the shapes: contentstack.md §2.
 */
export type Entry =
  | { readonly kind: 'grant'; readonly module: '$all' | Module; readonly access: Access; readonly came: Fields }
  | { readonly kind: 'branch' | 'branch_alias'; readonly names: readonly string[]; readonly came: Fields }
  /** Not understood: shown as `text`, sent back as it came. The app must not add another entry for `module`. */
  | { readonly kind: 'other'; readonly module: string | null; readonly text: string; readonly came: unknown }

/** The key under which an entry lists names. */
export const namesKey = { branch: 'branches', branch_alias: 'branch_aliases' } as const

/**
 * If a module has several entries, none of them is understood: nothing says whether the stack adds them up or which one
 * counts.
 */
export function readScope(scope: readonly unknown[]): Entry[] {
  const named = scope.map(moduleOf)
  return scope.map((came, i) => {
    const repeated = named.indexOf(named[i]!) !== named.lastIndexOf(named[i]!)
    return (!repeated && isFields(came) && understood(came)) || other(came)
  })
}

function understood(came: Fields): Entry | undefined {
  const module = moduleOf(came)
  const access = accessOf(came.acl)
  if (access === undefined) return undefined
  if (module === 'branch' || module === 'branch_alias') return branchEntry(module, access, came)
  if (!isGrantable(module) || !hasOnly(came, ['module', 'acl', '_metadata'])) return undefined
  return { kind: 'grant', module, access, came }
}

/** A branch entry that grants writing is not understood: no public text says what may be written then. */
function branchEntry(kind: 'branch' | 'branch_alias', access: Access, came: Fields): Entry | undefined {
  const names = came[namesKey[kind]]
  const isList = Array.isArray(names) && names.every((name) => typeof name === 'string')
  if (access !== 'read' || !isList || !hasOnly(came, ['module', 'acl', '_metadata', namesKey[kind]])) return undefined
  return { kind, names, came }
}

function other(came: unknown): Entry {
  if (!isFields(came)) return { kind: 'other', module: null, text: canonicalJson(came), came }
  const { _metadata, ...shown } = came
  return { kind: 'other', module: moduleOf(came), text: canonicalJson(shown), came }
}

/** Undefined unless reading and writing are a plain yes or no, and for writing without reading. */
function accessOf(acl: unknown): Access | undefined {
  if (!isFields(acl) || !hasOnly(acl, ['read', 'write'])) return undefined
  const { read, write = false } = acl
  if (typeof read !== 'boolean' || typeof write !== 'boolean' || (write && !read)) return undefined
  return write ? 'write' : read ? 'read' : 'none'
}

function moduleOf(entry: unknown): string | null {
  return isFields(entry) && typeof entry.module === 'string' ? entry.module : null
}

function isGrantable(module: string | null): module is '$all' | Module {
  return module === '$all' || (modules as readonly (string | null)[]).includes(module)
}

function hasOnly(fields: Fields, keys: readonly string[]): boolean {
  return Object.keys(fields).every((key) => keys.includes(key))
}
