import { type Access, type Module, modules, type Permissions } from './token.ts'

/** Steps that edits are made of, however they are written down. */

export function isModule(text: string): text is Module {
  return (modules as readonly string[]).includes(text)
}

/** Exactly this access to one module, or to the whole stack besides what modules have. */
export function withAccess(permissions: Permissions, to: Module | 'all', access: Access): Permissions {
  if (to === 'all') return { ...permissions, everything: access }
  const { [to]: _, ...others } = permissions.modules
  return { ...permissions, modules: access === 'none' ? others : { ...others, [to]: access } }
}

export function withName(names: readonly string[], name: string): string[] {
  return [...without(names, name), name]
}

export function without(names: readonly string[], name: string): string[] {
  return names.filter((other) => other !== name)
}
