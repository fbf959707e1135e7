import { Refusal } from '../domain/refusal.ts'
import { type Access, type Module, modules, type Settings } from '../domain/token/token.ts'
import { type Entry, namesKey, readScope } from './scope.ts'

type BranchKind = 'branch' | 'branch_alias'
type BranchEntry = Extract<Entry, { kind: BranchKind }>

/**
 * The scope that grants what `after` says: entries that stay keep their place and form, entries that no longer grant
 * anything go, new ones follow at the end. Throws a Refusal rather than add a second entry for a module whose entry the
 * app doesn't understand.
 */
export function writeScope(scope: readonly unknown[], after: Settings): unknown[] {
  const entries = readScope(scope)
  const added = [...grantsOf(after), ...branchesOf(after)].filter(([module]) => !entries.some(isFor(module)))
  const blocked = added.find(([module]) => entries.some((entry) => entry.kind === 'other' && entry.module === module))
  if (blocked) throw beside(blocked[0])
  return [...entries.flatMap((entry) => rewritten(entry, after)), ...added.map(([, entry]) => entry)]
}

function rewritten(entry: Entry, after: Settings): unknown[] {
  if (entry.kind === 'other') return [entry.came]
  if (entry.kind !== 'grant') return withNames(entry.kind, entry, namesIn(entry.kind, after))
  const wanted = accessIn(entry.module, after)
  if (wanted === entry.access) return [entry.came]
  return wanted === 'none' ? [] : [{ ...entry.came, acl: acl(wanted) }]
}

function withNames(kind: BranchKind, entry: BranchEntry, names: readonly string[]): unknown[] {
  const after = [...new Set(names)]
  const same = after.every((name) => entry.names.includes(name)) && entry.names.every((name) => after.includes(name))
  if (same) return [entry.came]
  return after.length === 0 ? [] : [{ ...entry.came, [namesKey[kind]]: after }]
}

function grantsOf(after: Settings): [string, unknown][] {
  return (['$all', ...modules] as const)
    .map((module) => [module, accessIn(module, after)] as const)
    .filter(([, access]) => access !== 'none')
    .map(([module, access]) => [module, { module, acl: acl(access) }])
}

function branchesOf(after: Settings): [string, unknown][] {
  return (['branch', 'branch_alias'] as const)
    .filter((kind) => namesIn(kind, after).length > 0)
    .map((kind) => [kind, { module: kind, acl: acl('read'), [namesKey[kind]]: [...new Set(namesIn(kind, after))] }])
}

function isFor(module: string) {
  return (entry: Entry) => (entry.kind === 'grant' ? entry.module === module : entry.kind === module)
}

function namesIn(kind: BranchKind, after: Settings): readonly string[] {
  return kind === 'branch' ? after.branches : after.aliases
}

function accessIn(module: '$all' | Module, { permissions }: Settings): Access {
  return module === '$all' ? permissions.everything : (permissions.modules[module] ?? 'none')
}

/** The two forms that the docs show. Source: contentstack.md §2. */
function acl(access: Access): { read: true; write?: true } {
  return access === 'write' ? { read: true, write: true } : { read: true }
}

function beside(module: string): Refusal {
  return new Refusal(
    'invalid',
    `the token's scope has an entry for "${module}" that Countersign doesn't understand, and Countersign won't add a second one: this update was not sent; edit the scope in Contentstack`,
  )
}
