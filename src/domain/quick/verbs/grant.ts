import { modulesInWords, withAccess } from '../../token/access.ts'
import { modules, type Permissions, rank } from '../../token/token.ts'
import {
  type AccessOn,
  accessTo,
  notInBetween,
  onInWords,
  readAccessOn,
  wholeStackHas,
  writtenAccessOn,
} from '../access.ts'
import { inLine } from '../quoted.ts'
import type { Called, Verb } from '../verb.ts'

export const grant: Verb<AccessOn> = {
  usage: '<read | write> on <entry, asset … | all>',
  example: 'write on entry, asset',
  does: 'more access',
  read: (text) =>
    readAccessOn(text, { missing: 'Say on what: on entry, asset … or on all.', both: 'write', sign: '+' }),
  written: writtenAccessOn,
  edit: (asks, { before }) => ({ ...before, permissions: granted(before.permissions, asks) }),
  understood: ({ access, on }, token) => ['give token ', token, ` ${access} on ${onInWords(on)}`],
}

/** Gives at least this access, and never less than before. */
function granted(permissions: Permissions, { token, access, on }: AccessOn & Called): Permissions {
  const { everything } = permissions
  if (on === 'everything') return grantedOnAll(permissions, access, token)
  const wanting = on.filter((module) => rank[accessTo(permissions, module)] < rank[access])
  if (wanting.length > 0 && everything !== 'none')
    throw notInBetween(wholeStackHas(everything), grantOnAll(token, access, 'gives it everywhere'))
  return wanting.reduce((permissions, module) => withAccess(permissions, module, access), permissions)
}

function grantedOnAll(permissions: Permissions, access: AccessOn['access'], token: string): Permissions {
  const { everything, modules: own } = permissions
  if (rank[everything] >= rank[access]) return permissions
  const higher = modules.filter((module) => rank[own[module] ?? 'none'] > rank[access])
  if (higher.length === 0) return { everything: access, modules: {} }
  throw notInBetween(
    `The token has more than that on ${modulesInWords(higher)}, and would lose it with ${access} on the whole stack.`,
    grantOnAll(token, 'write', 'gives more'),
  )
}

function grantOnAll(token: string, access: AccessOn['access'], does: string) {
  return { line: `grant ${inLine(token)}`, head: writtenAccessOn({ access, on: 'everything' }), does }
}
