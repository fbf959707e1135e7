import { distinctInList } from '../../look-alikes.ts'
import { nearestWord } from '../../nearest.ts'
import { Refusal } from '../../refusal.ts'
import type { FieldErrors } from '../../token/field.ts'
import { notListed, notRead, scopeError, withName, without } from '../../token/names.ts'
import type { Settings, StackFacts } from '../../token/token.ts'
import { RefusedForAnother } from '../instead.ts'
import { inLine, quoted } from '../quoted.ts'
import { type Read, split, wrong } from '../reading.ts'
import { isOrder, withSigns } from '../unsigned.ts'
import type { Around, Called, Said, Verb } from '../verb.ts'

type Scope = { readonly add: readonly string[]; readonly remove: readonly string[] }

export const scope: Verb<Scope> = {
  usage: '<+branch -branch …>',
  example: '+feature-x -main',
  does: 'other branches and aliases',
  read,
  written,
  edit: (asks, { before, facts }) =>
    asks.remove.reduce(
      (settings, name) => takenAway(asks, settings, name),
      asks.add.reduce((settings, name) => added(asks, settings, facts, name), before),
    ),
  understood: ({ add, remove }, token) => [
    ...named('let token ', token, ' name ', add),
    add.length * remove.length > 0 ? ', and ' : '',
    ...named('let token ', token, ' no longer name ', remove),
  ],
  nothingLeft,
}

const signs: Record<string, 'add' | 'remove'> = {
  '+': 'add',
  '-': 'remove',
  '–': 'remove',
  '—': 'remove',
  '−': 'remove',
}

function written({ add, remove }: Scope, quote: (text: string) => string): string {
  return [...add.map((one) => `+${quote(one)}`), ...remove.map((one) => `-${quote(one)}`)].join(' ')
}

/** Reads `+feature-x -main`; a name with a space in it goes in quotes. */
function read(text: string): Read<Scope> {
  const found = { add: [] as string[], remove: [] as string[] }
  let rest = text
  while (rest !== '') {
    const way = signs[rest[0]!]
    const whole = way ? quoted(rest.slice(1)) : null
    const [word] = split(rest)
    const name = whole ? whole.value : word.slice(1).replace(/,$/, '')
    if (!way) return unsigned(word, text)
    if (name === '') return wrong(word, 'names nothing: put a branch or alias right after the sign.')
    if (!found[way].includes(name)) found[way].push(name)
    rest = (whole ? whole.rest : rest.slice(word.length)).replace(/^[\s,]+(?:(?:and|&)\s+(?=[-+–—−]))?/i, '')
  }
  const both = found.add.find((name) => found.remove.includes(name))
  if (both !== undefined) return wrong(both, 'is both added and taken away: say one of them.')
  if (found.add.length + found.remove.length > 0) return { asks: found }
  return wrong(null, 'Say which branches and aliases: +name adds one, -name takes one away.')
}

function unsigned(word: string, text: string): Read<never> {
  const says = 'has no sign: + adds a branch or alias, - takes one away.'
  return wrong(word, says, isOrder(word) ? null : `+${word}`, withSigns(text))
}

function added(asks: Scope & Called, settings: Settings, facts: StackFacts, name: string): Settings {
  const { branches, aliases } = settings
  if (branches.includes(name) || aliases.includes(name)) return settings
  if (facts.branches.includes(name)) return { ...settings, branches: withName(branches, name) }
  if (facts.aliases.includes(name)) return { ...settings, aliases: withName(aliases, name) }
  throw notKnown(asks, facts, name)
}

function notKnown(
  asks: Scope & Called,
  { branches, aliases, unlisted = {}, unread = {} }: StackFacts,
  name: string,
): Refusal {
  if (unlisted.branches !== undefined) return new Refusal('invalid', notListed('branch', unlisted.branches))
  if (unlisted.aliases !== undefined) return new Refusal('invalid', notListed('alias', unlisted.aliases))
  const perhaps = [
    unread.branches && notRead('branch', unread.branches),
    unread.aliases && notRead('alias', unread.aliases),
  ]
  const unreadable = perhaps.filter(Boolean).join(' ')
  if (unreadable !== '')
    return new Refusal('invalid', `Countersign knows of no branch or alias called ${name}. ${unreadable}`)
  const meant = nearestWord(name, [...branches, ...aliases])
  return unknownName(`The stack had no branch or alias called ${name} when it was last looked at.`, asks, {
    sign: '+',
    name,
    meant,
  })
}

function takenAway(asks: Scope & Called, settings: Settings, name: string): Settings {
  const { branches, aliases } = settings
  if (branches.includes(name)) return { ...settings, branches: without(branches, name) }
  if (aliases.includes(name)) return { ...settings, aliases: without(aliases, name) }
  const all = [...branches, ...aliases]
  const meant = nearestWord(name, all)
  throw unknownName(`The token names no branch or alias ${name}; it names ${all.join(', ') || 'none'}.`, asks, {
    sign: '-',
    name,
    meant,
  })
}

type Unknown = { readonly sign: '+' | '-'; readonly name: string; readonly meant: string | null }

/** The same with the name that was probably meant. */
function unknownName(what: string, { token, ...asks }: Scope & Called, { sign, name, meant }: Unknown): Refusal {
  if (meant === null) return new Refusal('invalid', what)
  const example = `/token scope ${inLine(token)} ${sign}${meant}`
  const corrected = (names: readonly string[]) => [...new Set(names.map((one) => (one === name ? meant : one)))]
  return new RefusedForAnother(
    `${what} Did you mean ${sign}${meant}? For example: ${example}`,
    written({ add: corrected(asks.add), remove: corrected(asks.remove) }, inLine),
  )
}

function named(before: string, token: Said, after: string, names: readonly string[]): Said[] {
  if (names.length === 0) return []
  const list = names.flatMap((name, i): Said[] => [i === 0 ? '' : ', ', { said: distinctInList(name) }])
  return [before, token, after, ...list]
}

function nothingLeft(asks: Scope & Called, { before, facts }: Around, after: Settings): FieldErrors {
  if (scopeError(before, after, facts) === undefined) return {}
  const leaves = `That would leave token ${inLine(asks.token)} no branch or alias, and this stack uses branches`
  return { branches: `${leaves}: a token needs at least one. ${anotherName(asks, facts)}` }
}

function anotherName({ token, remove }: Scope & Called, { branches, aliases }: StackFacts): string {
  const other = [...branches, ...aliases].find((name) => !remove.includes(name))
  if (other === undefined) return 'Leave it one.'
  const signed = [`+${inLine(other)}`, ...remove.map((name) => `-${inLine(name)}`)].join(' ')
  return `Name another in the same command, as in /token scope ${inLine(token)} ${signed}.`
}
