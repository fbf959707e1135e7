import { nearestWord } from '../nearest.ts'
import { isDay, units } from '../token/expiry.ts'
import { readOn } from './modules.ts'
import { quoted } from './quoted.ts'
import type { QuickVerb } from './verbs.ts'
import { type Arguments, wrong } from './wrong.ts'

/** What can follow the token, by verb, as somebody would write it. */
export const exampleArguments: Record<QuickVerb, string> = {
  rename: 'to CI Deploy',
  extend: '90d',
  grant: 'write on entry, asset',
  revoke: 'write on entry',
  scope: '+feature-x -main',
  limit: 'read 50 write 10',
}

const readers: Record<QuickVerb, (head: string) => Arguments> = {
  rename,
  extend,
  grant: (head) => accessOn(head, 'Say on what: on entry, asset … or on all.'),
  revoke: (head) => accessOn(head, null),
  scope,
  limit,
}

/** The rest of a quick command without its reason. */
export function readArguments(verb: QuickVerb, head: string): Arguments {
  return readers[verb](head)
}

function rename(head: string): Arguments {
  const wanted = 'Say what to call it: to, and then the new name. A name with the word because in it goes in quotes.'
  const [to = '', name = ''] = split(head)
  if (to === '') return wrong(null, wanted)
  if (to.toLowerCase() !== 'to') return wrong(to, 'is not what follows the token: say to, and then the new name.', 'to')
  const whole = quoted(name)
  if (whole?.rest === '') return whole.value === '' ? wrong(null, wanted) : { fields: { name: whole.value } }
  return name === '' ? wrong(null, wanted) : { fields: { name } }
}

const length = /^(\d+)\s*(d|days?|w|weeks?|m|months?|y|years?)$/i

function extend(head: string): Arguments {
  const wanted = 'a length such as 90d, 3w, 6m or 1y, a day such as 2027-01-31, or never'
  if (head === '') return wrong(null, `Say until when: ${wanted}.`)
  if (head.toLowerCase() === 'never') return { fields: { until: { kind: 'never' } } }
  if (isDay(head)) return { fields: { until: { kind: 'day', day: head } } }
  const [, digits, unit = ''] = length.exec(head) ?? []
  const count = Number(digits)
  if (count >= 1 && count <= 9999)
    return {
      fields: { until: { kind: 'for', count, unit: units.find((letter) => letter === unit[0]?.toLowerCase()) } },
    }
  return wrong(head, `is not a time: say ${wanted}.`, nearestWord(head, ['never']))
}

/** `missing`: what to say where nothing is named; null when that means everything. */
function accessOn(head: string, missing: string | null): Arguments {
  const [word = '', rest = ''] = split(head)
  const access = word.toLowerCase()
  if (word === '') return wrong(null, 'Say which access: read or write.')
  if (access !== 'read' && access !== 'write')
    return wrong(word, 'is not a kind of access: say read or write.', nearestWord(word, ['read', 'write']))
  if (rest === '') return missing === null ? { fields: { access, on: 'all' } } : wrong(null, missing)
  const [link = '', what = ''] = split(rest)
  if (link.toLowerCase() !== 'on') return wrong(link, 'is not what follows here: say on, and then on what.', 'on')
  const on = readOn(what)
  return 'wrong' in on ? on : { fields: { access, ...on.fields } }
}

const signs: Record<string, 'add' | 'remove'> = {
  '+': 'add',
  '-': 'remove',
  '–': 'remove',
  '—': 'remove',
  '−': 'remove',
}

/** `+feature-x -main`; a name with a space in it goes in quotes. */
function scope(head: string): Arguments {
  const found = { add: [] as string[], remove: [] as string[] }
  let rest = head
  while (rest !== '') {
    const way = signs[rest[0]!]
    const whole = way ? quoted(rest.slice(1)) : null
    const [word = ''] = split(rest)
    const name = whole ? whole.value : word.slice(1).replace(/,$/, '')
    if (!way) return wrong(word, 'has no sign: + adds a branch or alias, - takes one away.', `+${word}`)
    if (name === '') return wrong(word, 'names nothing: put a branch or alias right behind the sign.')
    if (!found[way].includes(name)) found[way].push(name)
    rest = (whole ? whole.rest : rest.slice(word.length)).replace(/^[\s,]+/, '')
  }
  const both = found.add.find((name) => found.remove.includes(name))
  if (both !== undefined) return wrong(both, 'is both added and taken away: say one of them.')
  if (found.add.length + found.remove.length > 0) return { fields: found }
  return wrong(null, 'Say which branches and aliases: +name adds one, -name takes one away.')
}

function limit(head: string): Arguments {
  const wanted = 'reads and writes a second such as read 50 write 10, or organisation'
  if (head === '') return wrong(null, `Say how many: ${wanted}.`)
  if (/^organi[sz]ation$/i.test(head)) return { fields: { to: 'organisation' } }
  const words = head.toLowerCase().split(/[\s,]+/)
  const [one, first = '', other, second = ''] = words
  const named = (one === 'read' && other === 'write') || (one === 'write' && other === 'read')
  if (named && words.length === 4 && [first, second].every((number) => /^\d{1,9}$/.test(number))) {
    const [read, write] = one === 'read' ? [first, second] : [second, first]
    return { fields: { to: { read: Number(read), write: Number(write) } } }
  }
  const odd = words.find((word) => !/^(read|write|\d{1,9})$/.test(word))
  const meant = odd === undefined ? null : nearestWord(odd, ['read', 'write', 'organisation'])
  return wrong(odd ?? head, `does not say how many: say ${wanted}.`, meant)
}

function split(text: string): [string, string] {
  const [, word = '', rest = ''] = /^(\S*)\s*(.*)$/s.exec(text) ?? []
  return [word, rest]
}
