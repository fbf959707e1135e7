import { distinct } from '../../look-alikes.ts'
import { inQuotes, quoted } from '../quoted.ts'
import { type Read, split, wrong } from '../reading.ts'
import type { Verb } from '../verb.ts'

type Rename = { readonly name: string }

export const rename: Verb<Rename> = {
  usage: 'to <new name>',
  example: 'to CI Deploy',
  does: 'another name',
  read,
  written: ({ name }, quote) => `to ${quote(name)}`,
  edit: ({ name }, { before }) => ({ ...before, name }),
  understood: ({ name }, token) => ['rename token ', token, ' to "', { said: distinct(name) }, '"'],
}

function read(text: string): Read<Rename> {
  const wanted =
    'Say what to call it: "to", and then the new name. If the name contains the word "because", put it in quotes.'
  const [to, name] = split(text)
  if (to === '') return wrong(null, wanted)
  if (to.toLowerCase() !== 'to')
    return wrong(to, 'does not belong after the token: say "to", and then the new name.', isLink(to) ? 'to' : null)
  const whole = quoted(name)
  if (whole && whole.rest !== '') return goesOn(name, whole)
  const meant = whole ? whole.value : name
  return meant === '' ? wrong(null, wanted) : { asks: { name: meant } }
}

function isLink(word: string): boolean {
  return /^(?:as|into|in|->|→|=>|=|:|t|tp|ot|too|two|2)$/i.test(word)
}

/** The quotes may also be part of the name. */
function goesOn(name: string, whole: { readonly value: string; readonly rest: string }): Read<Rename> {
  const wishes = [whole.value, name].filter((one) => one !== '').map((one) => ({ head: `to ${inQuotes(one)}` }))
  return wrong(whole.rest.trim() || null, 'comes after the closing quote of the new name.', null, () => wishes)
}
