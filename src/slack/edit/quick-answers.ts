import type { KnownBlock, ModalView } from '@slack/types'
import { distinct } from '../../domain/look-alikes.ts'
import type { Complaint } from '../../domain/quick/command.ts'
import type { Said } from '../../domain/quick/verb.ts'
import { line, type Piece, quote, verbatim } from '../../words/pieces.ts'
import { clip, oneLine } from '../../words/text.ts'
import type { Words } from '../../words/words.ts'
import { limits, type Message, plainText } from '../kit/blocks.ts'
import { modals } from '../kit/ids.ts'
import { pack } from '../kit/layout.ts'
import { modal } from '../kit/modal.ts'
import { inText } from '../kit/rich.ts'
import { fitsButton, mostSayButtons, type Offer, sayButton, sayButtons } from '../kit/say-buttons.ts'
import { goneWords, mostGone, type TitledGone, toHistory } from '../tokens/gone-tokens.ts'
import { chooseToken } from '../tokens/near.ts'
import { notesInText } from '../tokens/token-text.ts'
import { howToFind, unknownName, whichIsMeant } from '../tokens/unknown-name.ts'
import { chooseFor, type Waiting } from '../tokens/waiting.ts'

/** `typed` is the whole line, starting with `/token`. */
type Typed = { readonly typed: string }

/** Goes on top of the preview or form that a quick command opens. */
export function understoodAs({ typed, meaning }: Typed & { meaning: readonly Said[] }): Piece[] {
  return [line('You typed ', { said: typed }, ', understood as: ', ...meaning, '.')]
}

/** Buttons with what works instead. */
type Instead = { readonly instead?: readonly KnownBlock[] | undefined }

/** For a line that can't be read. `offered`: lines that were probably meant. */
export function quickWrong({
  typed,
  complaint,
  offered = [],
  refusedFor = [],
  instead,
}: Typed &
  Instead & {
    complaint: Pick<Complaint, 'word' | 'says' | 'meant' | 'example'>
    offered?: readonly Offer[]
    /** Tokens of a line about several for which it would be refused. */
    refusedFor?: readonly string[]
  }): Message {
  const { word, says, meant, example } = complaint
  const words: Words = [
    ...(word === null ? [] : [{ said: word }, ' ']),
    says,
    ...(meant === null ? [] : [' Did you mean ', { said: meant }, '?']),
    ...(offered.length === 0 || meant !== null ? [' For example: ', { said: `/token ${example}` }] : whichOf(offered)),
    ...refusedFor.flatMap((token, i): Words => [i === 0 ? ' This would be refused for ' : ', ', { said: token }]),
    ...(refusedFor.length > 0 ? ['.'] : []),
  ]
  return answer(typed, { words, below: sayButtons(offered), instead })
}

/** A button holds the whole line, and more people read what it does here. */
export function whichOf([only, ...others]: readonly Offer[]): Words {
  if (only === undefined) return []
  if (others.length >= mostSayButtons) return [` Did you mean one of these? The first ${mostSayButtons} have a button.`]
  return others.length > 0 ? [' Did you mean one of these?'] : [' Did you mean ', { said: `/token ${only.line}` }, '?']
}

/** For a line that is clear, but can't be asked for. */
export function quickRefused({ typed, why, instead }: Typed & Instead & { why: string }): Message {
  return answer(typed, {
    words: ["This can't be asked for."],
    pieces: [quote(why)],
    textOnly: [{ said: why }],
    instead,
  })
}

/**
 * A line about one token, for a button, with the token's name and its stack to tell it from others. `apart`: something
 * more that tells it apart, where those are not enough.
 */
export type Choice = Offer & { readonly name: string; readonly stackTitle: string; readonly apart?: string }

type Near = Typed & {
  token: string
  choices: readonly Choice[]
  /** Lines about other tokens that are named in it. */
  offered?: readonly Offer[]
  /** Tokens that had exactly this name. */
  gone?: readonly TitledGone[]
  notes?: readonly string[]
  /** The line without its token, for the choice of any. */
  waiting: Waiting
}

/** For a line that fits no single token: offers the same line for each token it may mean. */
export function quickNear({ typed, token, choices, offered = [], gone = [], notes = [], waiting }: Near): Message {
  const unknown = { typed: token, tokens: choices, notes }
  if (offered.length > 0) {
    const words = [...unknownName({ ...unknown, tokens: offered.slice(0, 1) }), '.', ...whichOf(offered)]
    return answer(typed, { words, below: sayButtons(offered) })
  }
  const none = [...unknownName(unknown), ...howToFind(unknown), '.']
  const some = [...unknownName(unknown), whichIsMeant(unknown)]
  const [first, ...others] = gone.slice(0, mostGone).map(goneWords)
  const quotes = notes.flatMap(quote)
  const textOnly = [notesInText(notes)]
  if (first) {
    const pieces = [...others.map((words) => line(...words)), ...quotes]
    return answer(typed, { words: first, pieces, textOnly, instead: toHistory(gone) })
  }
  const below = [...choices.flatMap(choiceBlocks), ...pack([quotes], 5)]
  const isNone = choices.length === 0
  const instead = [chooseFor(waiting) ?? chooseToken('edit')]
  return answer(typed, { words: isNone ? none : some, below, textOnly, instead })
}

/** A line too long for a button is there to be copied. */
function choiceBlocks({ name, stackTitle, apart = '', ...offer }: Choice): KnownBlock[] {
  const called = clip(oneLine(distinct(name)), limits.header)
  const told = [stackTitle, apart].filter((text) => text !== '')
  if (!fitsButton(offer))
    return pack(
      [[line({ said: called }, ' on ', { said: told.join(' · ') }, ':'), verbatim(`/token ${offer.line}`)]],
      2,
    )
  return [{ type: 'section', text: plainText([called, ...told].join(' · ')), accessory: sayButton(offer) }]
}

/** A refusal that already says so need not be told twice. */
const saysNothing = /\bnothing was (opened|sent|done)\b/i

type Answer = Instead & {
  readonly words: Words
  readonly pieces?: readonly Piece[]
  readonly below?: readonly KnownBlock[]
  readonly textOnly?: Words
}

/** Gives back the whole line as typed, so that it can be corrected and sent again. */
function answer(typed: string, { words, pieces = [], below = [], textOnly = [], instead = [] }: Answer): Message {
  const isSaid = textOnly.some((word) => typeof word !== 'string' && 'said' in word && saysNothing.test(word.said))
  const nothing = isSaid ? '' : 'Nothing was opened, and nothing was sent.'
  const room = limits.messageBlocks - below.length - instead.length
  const [head, kept] = [
    [line(...words), ...pieces],
    [line([nothing, 'What you typed:'].filter(Boolean).join(' ')), verbatim(typed)],
  ]
  return {
    text: [inText(words), inText(textOnly), nothing].filter((text) => text !== '').join(' '),
    blocks: [...pack([head], room / 2), ...below, ...pack([kept], room / 2), ...instead],
  }
}

/** The answer to a quick command that led to nothing, if a modal was already open. */
export function quickAnswerView(blocks: KnownBlock[]): ModalView {
  return modal({ callback: modals.quickAnswer, title: 'What you typed', close: 'Close', blocks })
}
