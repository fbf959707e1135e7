import { distinctInList } from '../../look-alikes.ts'
import { accessInWords } from '../../token/access.ts'
import { type AccessOn, onInWords, readAccessOn, withoutIng, writtenAccessOn } from '../access.ts'
import { readOn } from '../modules.ts'
import { namesListed } from '../names-listed.ts'
import { type Names, onlyAccess, onlyNames } from '../only.ts'
import { type Read, type Wish, wrong } from '../reading.ts'
import type { Said, Verb } from '../verb.ts'

/** The access, or the branches and aliases, that are all the token keeps. */
type Restrict = { readonly only: AccessOn | Names }

/** Takes everything else away, and never gives anything. */
export const restrict: Verb<Restrict> = {
  usage: '<to read on entry, asset … | to branch main …>',
  example: 'to read on entry',
  does: 'no other access, or no other branches and aliases, than these',
  read,
  written: ({ only }, name) =>
    'names' in only ? `to branch ${only.names.map(name).join(', ')}` : `to ${writtenAccess(only)}`,
  edit: ({ only, token }, { before, facts }) =>
    'names' in only ? onlyNames({ ...only, token }, before, facts) : onlyAccess(only, before),
  understood: ({ only }, token) => [
    'let token ',
    token,
    ...('names' in only ? [' name no other branch or alias than ', ...listed(only.names)] : [leftInWords(only)]),
  ],
}

/** No more than reading, wherever it is, is not reading of the whole stack. */
function leftInWords({ access, on }: AccessOn): string {
  if (on === 'everything') return access === 'read' ? ' read what it may, and write nothing' : ' keep its access'
  return ` have no other access than ${accessInWords(access)} on ${onInWords(on)}`
}

function writtenAccess(only: AccessOn): string {
  return only.on === 'everything' ? only.access : writtenAccessOn(only)
}

const wanted = 'say to what, as in to read on entry, or to branch main'

function read(typed: string): Read<Restrict> {
  const [, link = '', text = ''] = /^((?:(?:to|only|just|on)\s+)*)(.*)$/is.exec(typed) ?? []
  if (text === '') return wrong(null, `${wanted[0]!.toUpperCase()}${wanted.slice(1)}.`)
  if (/^(?:read|write|rw|r\/w|reading|writing)\b/i.test(text)) return accessIn(text)
  const on = readOn(text)
  if ('asks' in on)
    return on.asks.on === 'everything' ? wrong(text, `leaves nothing to take away: ${wanted}.`) : whichAccess(text)
  const names = namesListed(text)
  if (names === null || /^\d/.test(text)) return wrong(text, `can't be read: ${wanted}.`, null, () => limits(text))
  if (link !== '' || names.isCalled) return { asks: { only: { names: names.names } } }
  return wrong(text, `does not belong after the token: ${wanted}.`, null, () => [{ head: `to ${text}` }])
}

function accessIn(text: string): Read<Restrict> {
  const access = readAccessOn(withoutIng(text).replace(/\s+access\b/i, ''), { missing: null, both: 'write', sign: '+' })
  return 'wrong' in access ? access : { asks: { only: access.asks } }
}

/** `to release`: a module, or a branch of that name. */
function whichAccess(text: string): Read<never> {
  const heads = [`to read on ${text}`, `to write on ${text}`, `to branch ${text}`]
  return wrong(text, `can be a module or a branch: ${wanted}.`, null, () => heads.map((head) => ({ head })))
}

/** `50/10` are rate limits. */
function limits(text: string): Wish[] {
  return [{ verb: 'limit', head: text }]
}

function listed(names: readonly string[]): Said[] {
  return names.flatMap((name, i): Said[] => [i === 0 ? '' : ', ', { said: distinctInList(name) }])
}
