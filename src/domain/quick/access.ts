import { nearestWord } from '../nearest.ts'
import { Refusal } from '../refusal.ts'
import { accessInWords, modulesInWords } from '../token/access.ts'
import { type Access, type Module, type Permissions, rank } from '../token/token.ts'
import { type On, readOn } from './modules.ts'
import { type Read, split, wrong } from './reading.ts'

/** Shared by the commands that give access and take it away. */

export type AccessOn = { readonly access: 'read' | 'write' } & On

/** Reads `write on entry, asset`. `missing`: the answer if nothing is named; null if that means everything. */
export function readAccessOn(text: string, missing: string | null): Read<AccessOn> {
  const [word, rest] = split(text)
  const access = word.toLowerCase()
  if (word === '') return wrong(null, 'Say which access: read or write.')
  if (access !== 'read' && access !== 'write')
    return wrong(word, 'is not a kind of access: say read or write.', nearestWord(word, ['read', 'write']))
  if (rest === '') return missing === null ? { asks: { access, on: 'everything' } } : wrong(null, missing)
  const [link, what] = split(rest)
  if (link.toLowerCase() !== 'on') return wrong(link, 'is not what comes here: say on, and then on what.', 'on')
  const on = readOn(what)
  return 'wrong' in on ? on : { asks: { access, ...on.asks } }
}

export function writtenAccessOn({ access, on }: AccessOn): string {
  return `${access} on ${on === 'everything' ? 'all' : on.join(', ')}`
}

export function accessTo({ everything, modules }: Permissions, module: Module): Access {
  const own = modules[module] ?? 'none'
  return rank[everything] > rank[own] ? everything : own
}

/** The form has either access to the whole stack or access per module, so nothing in between can be asked for. */
export function notInBetween(why: string, instead: string | null): Refusal {
  const other = instead === null ? '' : `${instead}, and `
  return new Refusal('invalid', `${why} What you can do: ${other}/token edit lets you choose module by module.`)
}

export function wholeStackHas(everything: Access): string {
  return `The token has ${accessInWords(everything)} on the whole stack, and none of its own for single modules.`
}

export function onInWords(on: On['on']): string {
  return on === 'everything' ? 'the whole stack' : modulesInWords(on)
}
