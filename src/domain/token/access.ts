import type { Asked, Edit, FieldKey, Said } from './field.ts'
import { besideUnknown } from './not-understood.ts'
import { type Access, type Module, modules, type Permissions, rank, type Settings } from './token.ts'

export function accessInWords(access: Access): string {
  return inWords[access]
}

const inWords: Record<Access, string> = { none: 'no access', read: 'read', write: 'read and write' }

/** `content_type` → `Content types` */
export function moduleInWords(module: Module): string {
  const words = module.replace('_', ' ')
  const plural = words.endsWith('y') ? `${words.slice(0, -1)}ies` : `${words}s`
  return plural[0]!.toUpperCase() + plural.slice(1)
}

/** `content types, assets` */
export function modulesInWords(these: readonly Module[]): string {
  return these.map((module) => moduleInWords(module).toLowerCase()).join(', ')
}

/** The whole stack, and each module by itself. */
export const accessParts: readonly (Said & { readonly key: FieldKey })[] = [
  accessPart('everything', 'Whole stack', ({ permissions }) => permissions.everything),
  ...modules.map((module) => {
    const part = accessPart(`module.${module}`, moduleInWords(module), of(module))
    return { ...part, reads: (settings: Settings) => moduleReads(settings, of(module)(settings)) }
  }),
]

function of(module: Module): (settings: Settings) => Access {
  return ({ permissions }) => permissions.modules[module] ?? 'none'
}

/** A module that is not listed beside the whole stack has the access of that: it is not without any. */
function moduleReads({ permissions }: Settings, access: Access) {
  const meaning = accessInWords(access)
  const value = access === 'none' && permissions.everything !== 'none' ? 'as the whole stack' : meaning
  return { value, meaning, names: undefined }
}

function accessPart(key: FieldKey, label: string, accessIn: (settings: Settings) => Access) {
  return {
    key,
    label,
    reads: (settings: Settings) => accessInWords(accessIn(settings)),
    mayBePart: ({ before, after }: Edit, live: Settings) =>
      isAccessBetween(accessIn(before), accessIn(after), accessIn(live)),
  }
}

function isAccessBetween(from: Access, to: Access, found: Access): boolean {
  const [low, high] = [Math.min(rank[from], rank[to]), Math.max(rank[from], rank[to])]
  return low <= rank[found] && rank[found] <= high
}

export function permissionsError({ before, after }: Asked): string | undefined {
  return accessError(before, after) ?? besideUnknown(before, newlyGranted(before, after))
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

/** The permissions of `base`, except that those in `keys` are as in `from`. */
export function takeAccess(base: Settings, from: Settings, keys: ReadonlySet<FieldKey>): Permissions {
  const granted = modules.flatMap((module) => {
    const { permissions } = keys.has(`module.${module}`) ? from : base
    const access = permissions.modules[module]
    return access === undefined ? [] : [[module, access] as const]
  })
  const { everything } = (keys.has('everything') ? from : base).permissions
  return { everything, modules: Object.fromEntries(granted) }
}

/** Exactly this access to one module, or to the whole stack besides what modules have. */
export function withAccess(permissions: Permissions, to: Module | 'everything', access: Access): Permissions {
  if (to === 'everything') return { ...permissions, everything: access }
  const { [to]: _, ...others } = permissions.modules
  return { ...permissions, modules: access === 'none' ? others : { ...others, [to]: access } }
}
