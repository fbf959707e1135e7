import { distinct } from '../../domain/look-alikes.ts'
import { accessInWords } from '../../domain/token/access.ts'
import { expiryInWords, isOver } from '../../domain/token/expiry.ts'
import type { Settings } from '../../domain/token/token.ts'
import type { Piece } from '../../words/pieces.ts'
import { count, shortLine } from '../../words/text.ts'
import type { Words } from '../../words/words.ts'
import { escaped, limits, type Message } from '../kit/blocks.ts'
import { pack } from '../kit/layout.ts'
import type { TitledToken } from '../kit/options.ts'
import { inText } from '../kit/rich.ts'

/** For a message's `text`, which a phone shows in place of the blocks: as many notes as leave room for the rest. */
export function notesInText(notes: readonly string[]): string {
  let room = limits.fallback / 2
  const lines = notes.map((note) => shortLine(note, longestNote))
  const fitting = lines.filter((text) => {
    room -= escaped(text).length + 1
    return room >= 0
  })
  return fitting.join(' ')
}

const longestNote = 300

/** `ci-deploy on Website: reads 2 modules, writes 1, expires 2027-01-31`; `apart`: see `apartFrom`. */
export function tokenWords({ token: { settings }, stackTitle, lastSeen }: TitledToken, now: Date, apart = ''): Words {
  const seen = lastSeen ? ', as last seen' : ''
  const access = accessInShort(settings)
  return [
    { said: distinct(settings.name) },
    ' on ',
    { said: stackTitle },
    ...(apart === '' ? [] : [', ', { said: apart }]),
    `${seen}: ${access}, ${expiryInShort(settings, now)}`,
  ]
}

/** `now`: to say so if that is over. */
export function expiryInShort({ expiresOn }: Settings, now?: Date): string {
  if (expiresOn === null) return 'never expires'
  const does = now !== undefined && isOver(expiresOn, now) ? 'expired' : 'expires'
  return `${does} ${shortLine(expiryInWords(expiresOn), mostOfExpiry)}`
}

/** A stack may keep any text there. */
const mostOfExpiry = 40

function accessInShort({ permissions: { everything, modules } }: Settings): string {
  const granted = Object.values(modules).filter((access) => access !== undefined)
  if (everything !== 'none') return `${accessInWords(everything)}, whole stack`
  const writes = granted.filter((access) => access === 'write').length
  return `reads ${count(granted.length, 'module')}, writes ${writes}`
}

/** A message whose `text` says as much of the blocks as there is room for. */
export function message(heading: Words, sections: Piece[][], lines: readonly Words[]): Message {
  let text = inText(heading)
  for (const words of lines) {
    const next = `${text} ${inText(words).replace(/\.$/, '')}.`
    if (next.length > limits.fallback) break
    text = next
  }
  return { text, blocks: pack(sections, limits.messageBlocks) }
}
