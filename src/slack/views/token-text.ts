import type { KnownBlock, SectionBlock } from '@slack/types'
import { accessInWords, describe } from '../../domain/diff.ts'
import type { Settings } from '../../domain/token.ts'
import { button, clip, count, limits, type Message, oneLine, plainText } from './blocks.ts'
import { field, keptEntries } from './fields.ts'
import { changeWords, type ListedChange } from './home-changes.ts'
import { actions, tokenValue } from './ids.ts'
import { line, type Piece, pack, quote } from './layout.ts'
import type { TitledToken } from './options.ts'
import { inText, type Words } from './words.ts'

/** Lines of a list, and buttons of a choice, beyond which the rest is counted. */
const most = { listed: 100, choices: 20 }

type Listed = {
  readonly tokens: readonly TitledToken[]
  /** Sentences about what could not be read, each whole by itself. */
  readonly notes?: readonly string[]
}

/** `/token list` */
export function tokenList({ tokens, notes = [] }: Listed): Message {
  const heading =
    tokens.length === 0 ? 'No tokens are known here yet.' : `${count(tokens.length, 'token')} under governance:`
  const lines = tokens.slice(0, most.listed).map(tokenWords)
  const more = tokens.length > most.listed ? [line(`and ${tokens.length - most.listed} more`)] : []
  const pieces = [...lines.map((words) => line(...words)), ...more, ...notes.flatMap(quote)]
  return message([heading], [[line({ strong: heading }), ...pieces]], lines)
}

function tokenWords({ token: { settings }, stackTitle }: TitledToken): Words {
  const access = accessInShort(settings)
  return [
    { said: settings.name },
    ' on ',
    { said: stackTitle },
    `: ${access}, expires ${settings.expiresOn ?? 'never'}`,
  ]
}

function accessInShort({ permissions: { everything, modules } }: Settings): string {
  const granted = Object.values(modules).filter((access) => access !== undefined)
  if (everything !== 'none') return `${accessInWords(everything)}, whole stack`
  const writes = granted.filter((access) => access === 'write').length
  return `reads ${count(granted.length, 'module')}, writes ${writes}`
}

type Shown = TitledToken & {
  /** Its changes, the newest first. */
  readonly changes?: readonly ListedChange[]
}

/** `/token show`: every setting in words. */
export function tokenShown({ token, stackTitle, changes = [] }: Shown): Message {
  const { settings } = token
  const name: Words = ['Token ', { said: settings.name }, ' on ', { said: stackTitle }]
  const fields = describe(settings).filter(({ key }) => key !== 'otherScope')
  return message(
    [...name, ' as Countersign last saw it.'],
    [
      [line(...name, ', as Countersign last saw it:'), ...fields.flatMap(({ label, value }) => field(label, value))],
      keptEntries(settings),
      changes.length === 0
        ? []
        : [
            line({ strong: 'Changes' }),
            ...changes.slice(0, most.choices).map((change) => line(...changeWords(change))),
          ],
      [line("The secret value can't be viewed or changed here; for a new one, generate a new token in Contentstack.")],
    ],
    fields.map(({ label, value }) => [`${label}: `, { said: value }]),
  )
}

export type Near = Listed & { readonly typed: string }

/** What to say when a name fits no token, or more than one. */
export function nearMatches(near: Near): Message {
  const heading = nearWords(near)
  return { text: inText(heading), blocks: nearBlocks(near) }
}

/** The same in a modal. */
export function nearBlocks(near: Near): KnownBlock[] {
  const shown = near.tokens.slice(0, most.choices)
  const notes = (near.notes ?? []).flatMap(quote)
  const more = near.tokens.length - shown.length
  return [
    ...pack([[line(...nearWords(near))]], 1),
    ...shown.map(tokenChoice),
    ...pack([more > 0 ? [line(`and ${more} more: type more of the name`)] : [], notes], 20),
  ]
}

function nearWords({ typed, tokens }: Near): Words {
  if (tokens.length === 0)
    return [
      'No token is called ',
      { said: typed },
      ', and none comes near. Nothing was opened; ',
      { said: '/token list' },
      ' shows them all.',
    ]
  return ['No single token is called ', { said: typed }, ', so nothing was opened. Choose the one you mean:']
}

function tokenChoice({ token, stackTitle }: TitledToken): SectionBlock {
  const name = clip(oneLine(token.settings.name), limits.header)
  const edit = { text: 'Edit', action: actions.editThisToken, value: tokenValue(token), label: `Edit ${name}` }
  return { type: 'section', text: plainText(`${name} · ${stackTitle}`), accessory: button(edit) }
}

/** A message whose `text` says as much of the blocks as there is room for. */
export function message(heading: Words, sections: Piece[][], lines: readonly Words[]): Message {
  let text = inText(heading)
  for (const words of lines) {
    const next = `${text} ${inText(words)}.`
    if (next.length > limits.fallback) break
    text = next
  }
  return { text, blocks: pack(sections, limits.messageBlocks) }
}
