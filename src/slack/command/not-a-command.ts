import type { KnownBlock } from '@slack/types'
import { quickLabel } from '../../domain/quick/verbs.ts'
import { line, type Piece, verbatim } from '../../words/pieces.ts'
import { saidLimit, type Word, type Words } from '../../words/words.ts'
import type { Message } from '../kit/blocks.ts'
import { pack } from '../kit/layout.ts'
import { fitsButton, sayButton, sayButtons } from '../kit/say-buttons.ts'
import { chooseButton, type Near, nearMatches } from '../tokens/near.ts'
import { message } from '../tokens/token-text.ts'
import type { Guess } from './guess.ts'
import { isQuick, type PlainVerb } from './verbs.ts'

/** The answer to a line that begins with no command, if another line was probably meant: a button does that. */
export function meantInstead(typed: string, guess: Guess): Message {
  const offer = { line: guess.line, label: labelOf(guess) }
  const words: Words = [typedIn(typed), ' is not a command, so nothing was done. Did you mean ', said(guess.line), '?']
  const { text, blocks } = message(words, [[line(...words), ...(fitsButton(offer) ? [] : whole(guess.line))]], [])
  return { text, blocks: [...blocks, ...sayButtons([offer])] }
}

/** The answer if nothing like a command was typed: offers the tokens whose names are near, and the choice of any. */
export function neither(typed: string, { tokens, notes = [] }: Pick<Near, 'tokens' | 'notes'>): Message {
  const isToken = notes.length > 0 ? 'no token of that name has been seen so far' : 'no token is called that'
  const then = tokens.length > 0 ? '. Did you mean one of these?' : ', so nothing was done.'
  const heading: Words = [typedIn(typed), ` is not a command here, and ${isToken}${then}`]
  const others: KnownBlock[] = [
    ...pack([/\s/.test(typed) || typed.length > saidLimit ? whole(typed) : []], 2),
    { type: 'actions', elements: [chooseButton('show'), sayButton(allCommands)] },
  ]
  return nearMatches({ typed, heading, tokens, notes, offers: 'show' }, others)
}

const allCommands = { line: 'help', label: 'All commands' }

function typedIn(typed: string): Word {
  return said(typed.split(/\s/)[0] ?? '')
}

function said(text: string): Word {
  return { said: `/token ${text}` }
}

/** A line of several words is worth copying. */
function whole(text: string): Piece[] {
  return [line('The whole line:'), verbatim(`/token ${text}`)]
}

const labels: Record<PlainVerb, string> = {
  edit: 'Edit…',
  list: 'List tokens',
  show: 'Show',
  history: 'Show history',
  mine: 'Show my changes',
  pending: 'Show pending',
  help: 'All commands',
}

function labelOf({ verb, line }: Guess): string {
  if (verb === null) return `Show ${line}`
  return isQuick(verb) ? quickLabel(verb) : labels[verb]
}
