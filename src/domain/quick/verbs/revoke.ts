import { accessError, modulesInWords, withAccess } from '../../token/access.ts'
import type { FieldErrors } from '../../token/field.ts'
import { type Access, modules, type Permissions, rank, type Settings } from '../../token/token.ts'
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
import type { Around, Called, Verb } from '../verb.ts'

type Revoke = AccessOn

export const revoke: Verb<Revoke> = {
  usage: '<read | write> [on <entry, asset … | all>]',
  example: 'write on entry',
  does: 'less access',
  read: (text) => readAccessOn(text, { missing: null, both: 'read', sign: '-' }),
  written: writtenAccessOn,
  edit: (asks, { before }) => ({ ...before, permissions: revoked(before.permissions, asks) }),
  understood: (asks, token, { before }) => [
    `take ${taken(asks, before.permissions)} ${asks.on === 'everything' ? 'everywhere' : `on ${onInWords(asks.on)}`} from token `,
    token,
  ],
  nothingLeft,
}

/** Takes this access away and, since there is no writing without reading, what builds on it. Never gives more than before. */
function revoked(permissions: Permissions, { token, access, on }: Revoke & Called): Permissions {
  const { everything } = permissions
  const left: Access = access === 'write' ? 'read' : 'none'
  const isMore = rank[everything] > rank[left]
  if (on === 'everything' && isMore) return { everything: left, modules: {} }
  const named = on === 'everything' ? modules : on
  const lowered = named.filter((module) => rank[accessTo(permissions, module)] > rank[left])
  if (lowered.length > 0 && everything !== 'none')
    throw isMore
      ? notInBetween(wholeStackHas(everything), {
          line: `revoke ${inLine(token)}`,
          head: access,
          does: 'takes it everywhere',
        })
      : notInBetween(hasMore(permissions), null)
  return lowered.reduce((permissions, module) => withAccess(permissions, module, left), permissions)
}

function hasMore({ everything, modules: own }: Permissions): string {
  const writable = modules.filter((module) => own[module] === 'write')
  return `The token has ${everything} on the whole stack and more on ${modulesInWords(writable)}.`
}

/** There is no writing without reading, so a token that may write and loses read loses both. */
function taken({ access, on }: Revoke, permissions: Permissions): string {
  const writes = (on === 'everything' ? modules : on).some((module) => accessTo(permissions, module) === 'write')
  return access === 'read' && writes ? 'read, and write with it,' : access
}

function nothingLeft({ token }: Called, { before }: Around, after: Settings): FieldErrors {
  if (accessError(before, after) === undefined) return {}
  return { permissions: `That would leave token ${inLine(token)} no access at all. ${lessAccess(token, before)}` }
}

function lessAccess(token: string, { permissions: { everything, modules } }: Settings): string {
  return [everything, ...Object.values(modules)].includes('write')
    ? `Take away less, as in /token revoke ${inLine(token)} write.`
    : 'Leave it some access; a token that is no longer wanted can be deleted in Contentstack.'
}
