import type { KnownBlock, SectionBlock } from '@slack/types'
import { distinct } from '../../domain/look-alikes.ts'
import { accessInWords } from '../../domain/token/access.ts'
import { dayOf } from '../../domain/token/expiry.ts'
import type { Settings } from '../../domain/token/token.ts'
import { line, type Piece, quote } from '../../words/pieces.ts'
import { clip, count, oneLine, shortLine } from '../../words/text.ts'
import type { Words } from '../../words/words.ts'
import { button, escaped, limits, type Message, plainText } from '../kit/blocks.ts'
import { actions, tokenValue } from '../kit/ids.ts'
import { pack } from '../kit/layout.ts'
import type { TitledToken } from '../kit/options.ts'
import { inText } from '../kit/rich.ts'
import { howToFind, unknownName } from './unknown-name.ts'

/** Lines of a list, and buttons of a choice; the rest is counted. */
const most = { listed: 100, choices: 20 }

type Listed = {
  readonly tokens: readonly TitledToken[]
  /** Sentences about what could not be read, each complete by itself. */
  readonly notes?: readonly string[]
}

/** `/token list` */
export function tokenList({ tokens, notes = [] }: Listed): Message {
  const heading =
    tokens.length === 0 ? 'No tokens are known here yet.' : `${count(tokens.length, 'token')} under governance:`
  const lines = tokens.slice(0, most.listed).map(tokenWords)
  const hidden = tokens.length - most.listed
  const more = hidden > 0 ? [line(`and ${hidden} more: `, { said: '/token' }, ' finds each by part of its name')] : []
  const pieces = [...lines.map((words) => line(...words)), ...more, ...notes.flatMap(quote)]
  const beside = notesInText(notes)
  const said = beside === '' ? heading : `${heading.replace(/[:.]$/, '.')} ${beside}`
  return message([said], [[line({ strong: heading }), ...pieces]], lines)
}

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

function tokenWords({ token: { settings }, stackTitle, lastSeen }: TitledToken): Words {
  const seen = lastSeen ? ', as last seen' : ''
  const access = accessInShort(settings)
  return [
    { said: distinct(settings.name) },
    ' on ',
    { said: stackTitle },
    `${seen}: ${access}, ${expiryInShort(settings)}`,
  ]
}

/** Only the day, in UTC, if the stack says more. */
export function expiryInShort({ expiresOn }: Settings): string {
  return expiresOn === null ? 'never expires' : `expires ${dayOf(expiresOn) ?? expiresOn}`
}

function accessInShort({ permissions: { everything, modules } }: Settings): string {
  const granted = Object.values(modules).filter((access) => access !== undefined)
  if (everything !== 'none') return `${accessInWords(everything)}, whole stack`
  const writes = granted.filter((access) => access === 'write').length
  return `reads ${count(granted.length, 'module')}, writes ${writes}`
}

/** The place each choice leads to: the form, or the token's page. */
export type Offers = 'edit' | 'show'
export type Near = Listed & { readonly typed: string; readonly offers?: Offers }

/** For a name that fits no token, or more than one. */
export function nearMatches(near: Near): Message {
  const heading = nearWords(near)
  const [said, beside] = [inText(heading), escaped(notesInText(near.notes ?? []))]
  return { text: beside === '' ? said : `${said} ${beside}`, blocks: nearBlocks(near) }
}

/** The same in a modal. */
export function nearBlocks(near: Near): KnownBlock[] {
  const shown = near.tokens.slice(0, most.choices)
  const notes = (near.notes ?? []).flatMap(quote)
  const more = near.tokens.length - shown.length
  return [
    ...pack([[line(...nearWords(near))]], 1),
    ...shown.map((token) => tokenChoice(token, near.offers ?? 'edit')),
    ...pack([more > 0 ? [line(`and ${more} more: type more of the name`)] : [], notes], 20),
  ]
}

function nearWords(near: Near): Words {
  if (near.tokens.length > 0) return [...unknownName(near), ', so nothing was opened. Choose the one you mean:']
  return [...unknownName(near), '. Nothing was opened', ...howToFind(near), '.']
}

const offered = {
  edit: { text: 'Edit', action: actions.editThisToken },
  show: { text: 'Show', action: actions.showToken },
} as const

function tokenChoice({ token, stackTitle }: TitledToken, offers: Offers): SectionBlock {
  const name = clip(oneLine(distinct(token.settings.name)), limits.header)
  const { text, action } = offered[offers]
  const choose = button({ text, action, value: tokenValue(token), label: `${text} ${name}` })
  return { type: 'section', text: plainText(`${name} · ${stackTitle}`), accessory: choose }
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
