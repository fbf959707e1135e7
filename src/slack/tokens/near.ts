import type { ActionsBlock, Button, KnownBlock, SectionBlock } from '@slack/types'
import { distinct } from '../../domain/look-alikes.ts'
import type { Token } from '../../domain/token/token.ts'
import { line, quote } from '../../words/pieces.ts'
import { clip, oneLine } from '../../words/text.ts'
import type { Words } from '../../words/words.ts'
import { button, escaped, limits, type Message, plainText } from '../kit/blocks.ts'
import { actions } from '../kit/ids.ts'
import { pack } from '../kit/layout.ts'
import { apartFrom, type TitledToken } from '../kit/options.ts'
import { inText } from '../kit/rich.ts'
import { fitsButton, sayButton } from '../kit/say-buttons.ts'
import { notesInText } from './token-text.ts'
import { unknownName, whichIsMeant } from './unknown-name.ts'
import { chooseFor, lineWith, type Waiting } from './waiting.ts'
import { type Offers, wayTo } from './ways-to.ts'

/** Buttons of a choice; the rest is counted. */
const mostChoices = 20

export type Near = {
  readonly typed: string
  /** The tokens that may be meant. */
  readonly tokens: readonly TitledToken[]
  readonly offers?: Offers
  /** Sentences about what could not be read, each complete by itself. */
  readonly notes?: readonly string[]
  /** Said first, unless the name alone says it. */
  readonly heading?: Words
  /** The line to go on with, once the token is clear. */
  readonly onward?: Onward | undefined
}

/** `called`: a text that names a token and no other; `label`: for a button that goes on. */
export type Onward = { readonly waiting: Waiting; readonly called: (token: Token) => string; readonly label: string }

/** For a name that fits no token, or more than one: the tokens that may be meant, and the choice of any other. */
export function nearMatches(near: Near, others: readonly KnownBlock[] = [chooseAny(near)]): Message {
  const [said, beside] = [inText(nearWords(near)), escaped(notesInText(near.notes ?? []))]
  return { text: beside === '' ? said : `${said} ${beside}`, blocks: [...nearBlocks(near), ...others] }
}

/** The same for a modal, which has its own choice of any other. */
export function nearBlocks(near: Near): KnownBlock[] {
  const shown = near.tokens.slice(0, mostChoices)
  const apart = apartFrom(near.tokens)
  const notes = (near.notes ?? []).flatMap(quote)
  const more = near.tokens.length - shown.length
  return [
    ...pack([[line(...nearWords(near))]], 1),
    ...shown.map((one) => tokenChoice(one, near, apart(one.token))),
    ...pack([more > 0 ? [line(`and ${more} more: type more of the name`)] : [], notes], 20),
  ]
}

function nearWords(near: Near): Words {
  if (near.heading) return near.heading
  const then = near.tokens.length > 0 ? `, so nothing was opened${whichIsMeant(near)}` : '. Choose another one.'
  return [...unknownName(near), then]
}

const another = { edit: actions.editAToken, show: actions.showAToken } as const

function tokenChoice(titled: TitledToken, { offers = 'edit', onward }: Near, apart: string): SectionBlock {
  const offer = onward && { line: lineWith(onward.waiting, onward.called(titled.token)), label: onward.label }
  const accessory = offer && fitsButton(offer) ? sayButton(offer) : wayTo(titled.token, offers)
  return { ...tokenLine(titled, apart), accessory }
}

function chooseAny({ offers, onward }: Near): ActionsBlock {
  return (onward && chooseFor(onward.waiting)) ?? chooseToken(offers)
}

/** A line for each token, told apart from others of its name. */
export function tokenLines(tokens: readonly TitledToken[]): SectionBlock[] {
  const apart = apartFrom(tokens)
  return tokens.map((one) => tokenLine(one, apart(one.token)))
}

function tokenLine({ token, stackTitle }: TitledToken, apart: string): SectionBlock {
  const name = clip(oneLine(distinct(token.settings.name)), limits.header)
  return { type: 'section', text: plainText([name, stackTitle, apart].filter((text) => text !== '').join(' · ')) }
}

export function chooseButton(offers: Offers): Button {
  return button({ text: 'Choose a token…', action: another[offers] })
}

export function chooseToken(offers: Offers = 'edit'): ActionsBlock {
  return { type: 'actions', elements: [chooseButton(offers)] }
}
