import { distinct } from '../../look-alikes.ts'
import { quoted } from '../quoted.ts'
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
  const wanted = 'Say what to call it: to, and then the new name. A name with the word because in it goes in quotes.'
  const [to, name] = split(text)
  if (to === '') return wrong(null, wanted)
  if (to.toLowerCase() !== 'to')
    return wrong(to, 'is not what comes after the token: say to, and then the new name.', 'to')
  const whole = quoted(name)
  const meant = whole?.rest === '' ? whole.value : name
  return meant === '' ? wrong(null, wanted) : { asks: { name: meant } }
}
