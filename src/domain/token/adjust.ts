import { type Access, type Module, modules, type Permissions } from './token.ts'

/** The steps that edits are made of, however they are typed. */

export function isModule(text: string): text is Module {
  return (modules as readonly string[]).includes(text)
}

/** Sets the access to one module, or to the whole stack without touching the modules' own. */
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
