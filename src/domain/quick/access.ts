import { Refusal } from '../refusal.ts'
import { accessInWords, moduleInWords } from '../token/access.ts'
import { withAccess } from '../token/adjust.ts'
import { type Access, type Module, modules, type Permissions, rank, type Settings } from '../token/token.ts'
import type { QuickCommand } from './command.ts'
import { inLine } from './quoted.ts'

type Asked = Pick<Extract<QuickCommand, { verb: 'grant' | 'revoke' }>, 'token' | 'access' | 'on'>

/** At least this access; never less than there was. */
export function granted({ permissions }: Settings, { token, access, on }: Asked): Permissions {
  const { everything, modules: own } = permissions
  if (on === 'all') {
    if (rank[everything] >= rank[access]) return permissions
    const higher = modules.filter((module) => rank[own[module] ?? 'none'] > rank[access])
    if (higher.length === 0) return { everything: access, modules: {} }
    throw asWhole(
      `The token has more than that on ${inWords(higher)}, and would lose it with ${access} on the whole stack.`,
      `/token grant ${inLine(token)} write on all gives more`,
    )
  }
  const wanting = on.filter((module) => rank[accessTo(permissions, module)] < rank[access])
  if (wanting.length > 0 && everything !== 'none')
    throw asWhole(wholeStackHas(everything), `/token grant ${inLine(token)} ${access} on all gives it everywhere`)
  return wanting.reduce((permissions, module) => withAccess(permissions, module, access), permissions)
}

/** Without this access and, since there is no writing without reading, what builds on it; never more than there was. */
export function revoked({ permissions }: Settings, { token, access, on }: Asked): Permissions {
  const { everything, modules: own } = permissions
  const left: Access = access === 'write' ? 'read' : 'none'
  if (on === 'all' && rank[everything] > rank[left]) return { everything: left, modules: {} }
  const named = on === 'all' ? modules : on
  const lowered = named.filter((module) => rank[accessTo(permissions, module)] > rank[left])
  if (lowered.length > 0 && everything !== 'none')
    throw asWhole(
      rank[everything] > rank[left]
        ? wholeStackHas(everything)
        : `The token has ${everything} on the whole stack and more on ${inWords(modules.filter((module) => own[module] === 'write'))}.`,
      rank[everything] > rank[left] ? `/token revoke ${inLine(token)} ${access} takes it everywhere` : null,
    )
  return lowered.reduce((permissions, module) => withAccess(permissions, module, left), permissions)
}

export function accessTo({ everything, modules }: Permissions, module: Module): Access {
  const own = modules[module] ?? 'none'
  return rank[everything] > rank[own] ? everything : own
}

function wholeStackHas(everything: Access): string {
  return `The token has ${accessInWords(everything)} on the whole stack, and next to that none is set module by module.`
}

/** The form knows either access to the whole stack or access per module, so that nothing in between can be asked for. */
function asWhole(why: string, instead: string | null): Refusal {
  const other = instead === null ? '' : `${instead}, and `
  return new Refusal('invalid', `${why} What you can do: ${other}/token edit lets you choose module by module.`)
}

function inWords(modules: readonly Module[]): string {
  return modules.map((module) => moduleInWords(module).toLowerCase()).join(', ')
}
