import { nearestWord } from '../nearest.ts'
import { Refusal } from '../refusal.ts'
import { accessInWords, modulesInWords } from '../token/access.ts'
import { type Access, type Module, type Permissions, rank } from '../token/token.ts'
import { RefusedForAnother } from './instead.ts'
import { type On, readOn } from './modules.ts'
import { type Nearest, type Read, split, type Wish, wrong } from './reading.ts'
import { withSigns } from './unsigned.ts'

/** Shared by the commands that give access and take it away. */

export type AccessOn = { readonly access: 'read' | 'write' } & On

/** `missing`: the answer if nothing is named; null if that means everything. `both`: what `read and write` comes to. */
type Means = { readonly missing: string | null; readonly both: AccessOn['access']; readonly sign: '+' | '-' }

const bothKinds = /^(?:rw|r\/w|read-?write|read\s*(?:,|\/|\+|&|and)\s*write|write\s*(?:,|\/|\+|&|and)\s*read)(?=\s|$)/i

/** Reads `write on entry, asset`; `write entry` too, and `read and write on entry`. */
export function readAccessOn(typed: string, { missing, both, sign }: Means): Read<AccessOn> {
  const text = typed.replace(bothKinds, both).replace(/^read[-\s]only(?=\s|$)/i, sign === '+' ? 'read' : '$&')
  const [word, rest] = split(text)
  const access = word.toLowerCase()
  if (word === '' || unsaid.test(access))
    return wrong(null, `Say which access: read or write.${sign === '-' ? ` ${toStop}` : ''}`, null, () =>
      eitherOn(rest.replace(/^(?:on|to)\s+/i, '')),
    )
  if (/^(branch|alias)(es)?$/.test(access)) return ofScope(word, rest, sign)
  if (access !== 'read' && access !== 'write')
    return wrong(word, 'is not a kind of access: say read or write.', nearestWord(word, ['read', 'write']), () =>
      inOtherWords(access, rest, text),
    )
  if (rest === '') return missing === null ? { asks: { access, on: 'everything' } } : wrong(null, missing)
  const on = readAfterLink(rest)
  return 'wrong' in on ? on : { asks: { access, ...on.asks } }
}

/** `reading entries` as `read entries`. */
export function withoutIng(text: string): string {
  return text.replace(/^(read|writ)ing\b/i, (_, stem: string) => (/^r/i.test(stem) ? 'read' : 'write'))
}

/** Words in place of an access: all of it, or at once. */
const unsaid = /^(?:all|everything|any|access|rights?|permissions?|now|immediately|completely|entirely|at|it)$/

function eitherOn(modules: string): Wish[] {
  return 'asks' in readOn(modules) ? ['read', 'write'].map((kind) => ({ head: `${kind} on ${modules}` })) : []
}

/** `full access`, `delete on entries`, or `webhooks`, which says on what and not which. */
function inOtherWords(access: string, rest: string, text: string): Wish[] {
  if (/^(?:full|admin|complete|total)$/.test(access)) return [{ head: 'write on all' }]
  const either = eitherOn(text)
  if (either.length > 0) return either
  return /^(?:create|update|edit|modify|change|manage|delete)$/.test(access) ? [{ head: `write ${rest}` }] : []
}

/** In the worst moment, less access is not what helps. */
const toStop =
  'To stop a token at once, one that has leaked for example, delete it in Contentstack, under Settings → Tokens.'

/** `branch main` */
function ofScope(word: string, names: string, sign: '+' | '-'): Read<never> {
  const signed = withSigns(names, sign)
  const nearest: Nearest = (about) => signed(about).map((wish) => ({ verb: 'scope', ...wish }))
  return wrong(word, 'is not a kind of access: scope adds branches and aliases, and takes them away.', null, nearest)
}

/** `on entry`, or `entry` alone. */
function readAfterLink(rest: string): Read<On> {
  const [link, what] = split(rest)
  if (/^(on|to|for|from)$/i.test(link)) return readOn(what)
  const on = readOn(rest)
  const isLink = 'wrong' in on && on.wrong.word === link && nearestWord(link, ['on']) !== null
  return isLink ? wrong(link, 'does not belong here: say "on", and then on what.', 'on') : on
}

export function writtenAccessOn({ access, on }: AccessOn): string {
  return `${access} on ${on === 'everything' ? 'all' : on.join(', ')}`
}

export function accessTo({ everything, modules }: Permissions, module: Module): Access {
  const own = modules[module] ?? 'none'
  return rank[everything] > rank[own] ? everything : own
}

/** Another line of that token: its start, the part after the token, and what that does. */
type Other = { readonly line: string; readonly head: string; readonly does: string }

/** The form has either access to the whole stack or access per module, so nothing in between can be asked for. */
export function notInBetween(why: string, other: Other | null): Refusal {
  const form = '/token edit lets you choose module by module.'
  if (other === null) return new Refusal('invalid', `${why} What you can do: ${form}`)
  const { line, head, does } = other
  return new RefusedForAnother(`${why} What you can do: /token ${line} ${head} ${does}, and ${form}`, head)
}

export function wholeStackHas(everything: Access): string {
  return `The token has ${accessInWords(everything)} on the whole stack, and none of its own for single modules.`
}

export function onInWords(on: On['on']): string {
  return on === 'everything' ? 'the whole stack' : modulesInWords(on)
}
