import type { KnownBlock, ModalView } from '@slack/types'
import { distinct } from '../../domain/look-alikes.ts'
import type { Complaint } from '../../domain/quick/command.ts'
import type { Said } from '../../domain/quick/verb.ts'
import { line, type Piece, quote, verbatim } from '../../words/pieces.ts'
import type { Words } from '../../words/words.ts'
import { limits, type Message } from '../kit/blocks.ts'
import { modals } from '../kit/ids.ts'
import { pack } from '../kit/layout.ts'
import { modal } from '../kit/modal.ts'
import { inText } from '../kit/rich.ts'
import { goneWords, mostGone, type TitledGone } from '../tokens/gone-tokens.ts'
import { notesInText } from '../tokens/token-text.ts'
import { howToFind, unknownName } from '../tokens/unknown-name.ts'

/** `typed` is the whole line, starting with `/token`. */
type Typed = { readonly typed: string }

/** Goes on top of the preview or form that a quick command opens. */
export function understoodAs({ typed, meaning }: Typed & { meaning: readonly Said[] }): Piece[] {
  return [line('You typed ', { said: typed }, ', understood as: ', ...meaning, '.')]
}

/** For a line that can't be read. */
export function quickWrong({ typed, complaint }: Typed & { complaint: Complaint }): Message {
  const { word, says, meant, example } = complaint
  return answer(typed, [
    ...(word === null ? [] : [{ said: word }, ' ']),
    says,
    ...(meant === null ? [] : [' Did you mean ', { said: meant }, '?']),
    ' For example: ',
    { said: `/token ${example}` },
  ])
}

/** For a line that is clear, but can't be asked for. */
export function quickRefused({ typed, why }: Typed & { why: string }): Message {
  return answer(typed, ["This can't be asked for."], [quote(why)], [{ said: why }])
}

/** A line about one token, with the token's name in it, and its stack to tell it from others. */
export type Choice = { readonly written: string; readonly name: string; readonly stackTitle: string }

type Near = Typed & {
  token: string
  choices: readonly Choice[]
  /** Tokens that had exactly this name. */
  gone?: readonly TitledGone[]
  notes?: readonly string[]
}

/** For a line that fits no single token: offers the same line for each token it may mean. */
export function quickNear({ typed, token, choices, gone = [], notes = [] }: Near): Message {
  const unknown = { typed: token, tokens: choices, notes }
  const none = [...unknownName(unknown), ...howToFind(unknown), '.']
  const some = [...unknownName(unknown), '. Use the line for the one you mean:']
  const [first, ...others] = gone.slice(0, mostGone).map(goneWords)
  const lines = choices.flatMap(({ written, name, stackTitle }) => [
    line({ said: distinct(name) }, ' on ', { said: stackTitle }, ':'),
    verbatim(`/token ${written}`),
  ])
  const quotes = notes.flatMap(quote)
  const beside = [notesInText(notes)]
  if (first) return answer(typed, first, [...others.map((words) => line(...words)), ...quotes], beside)
  return answer(typed, choices.length === 0 ? none : some, [...lines, ...quotes], beside)
}

/** A refusal that already says so need not be told twice. */
const saysNothing = /\bnothing was (opened|sent|done)\b/i

/** Gives back the whole line as typed, so that it can be corrected and sent again. */
function answer(typed: string, words: Words, pieces: readonly Piece[] = [], inTextOnly: Words = []): Message {
  const isSaid = inTextOnly.some((word) => typeof word !== 'string' && 'said' in word && saysNothing.test(word.said))
  const nothing = isSaid ? '' : 'Nothing was opened, and nothing was sent.'
  return {
    text: [inText(words), inText(inTextOnly), nothing].filter((text) => text !== '').join(' '),
    blocks: pack(
      [
        [line(...words), ...pieces],
        [line([nothing, 'What you typed:'].filter(Boolean).join(' ')), verbatim(typed)],
      ],
      limits.messageBlocks,
    ),
  }
}

/** The answer to a quick command that led to nothing, if a modal was already open. */
export function quickAnswerView(blocks: KnownBlock[]): ModalView {
  return modal({ callback: modals.quickAnswer, title: 'What you typed', close: 'Close', blocks })
}
