import type { KnownBlock } from '@slack/types'
import type { NamedIn } from '../../domain/quick/named-in.ts'
import { quickLabel } from '../../domain/quick/verbs.ts'
import type { Token } from '../../domain/token/token.ts'
import { line, type Piece, verbatim } from '../../words/pieces.ts'
import { saidLimit, type Word, type Words } from '../../words/words.ts'
import { whichOf } from '../edit/quick-answers.ts'
import type { Message } from '../kit/blocks.ts'
import { pack } from '../kit/layout.ts'
import { fitsButton, type Offer, sayButton, sayButtons } from '../kit/say-buttons.ts'
import { chooseButton, type Near, nearMatches } from '../tokens/near.ts'
import { message } from '../tokens/token-text.ts'
import { openWays } from '../tokens/ways-to.ts'
import { doneElsewhere } from './elsewhere.ts'
import { formOnly } from './form-only.ts'
import type { Guess } from './guess.ts'
import { isQuick, labels } from './verbs.ts'

/** The answer to a line that begins with no command, if another line was probably meant: a button does that. */
export function meantInstead(typed: string, guess: Guess): Message {
  const offer = { line: guess.line, label: labelOf(guess) }
  const words: Words = [...whyNothing(typed, guess), ' Did you mean ', said(guess.line), '?']
  const { text, blocks } = message(words, [[line(...words), ...(fitsButton(offer) ? [] : whole(guess.line))]], [])
  return { text, blocks: [...blocks, ...sayButtons([offer])] }
}

/** The same with lines for a token that was named in it. */
export function meantLines(typed: string, offered: readonly Offer[]): Message {
  const words: Words = [typedIn(typed), ' is not a command, so nothing was done.', ...whichOf(offered)]
  const { text, blocks } = message(words, [[line(...words)]], [])
  return { text, blocks: [...blocks, ...sayButtons(offered)] }
}

/** The same if what was meant can only be refused for this token: its page is the nearest thing that works. */
export function meantClosed(typed: string, guess: Guess, { token, whyNot }: { token: Token; whyNot: string }): Message {
  const words = whyNothing(typed, guess)
  const { text, blocks } = message([...words, ` ${whyNot}`], [[line(...words)]], [])
  return { text, blocks: [...blocks, ...openWays(token, whyNot)] }
}

function whyNothing(typed: string, { turned }: Guess): Words {
  if (turned) return ['The command comes before the name of the token, so nothing was done.']
  return [typedIn(typed), ' is not a command, so nothing was done.']
}

/** The answer if no command was typed, but the name of a token: `offered` are the ways to it. */
export function naming(typed: string, { before, after }: NamedIn, offered: readonly KnownBlock[]): Message {
  const words: Words =
    before === ''
      ? [
          { said: after },
          ' after the name of a token is not a command, so nothing was done.',
          ...inTheForm(after),
          ' This works:',
        ]
      : [
          typedIn(typed),
          ' is not a command, so nothing was done.',
          ...elsewhere(typed),
          ...inTheForm(typed),
          ' This works:',
        ]
  const { text, blocks } = message(words, [[line(...words)]], [])
  const others: KnownBlock[] = [...pack([whole(typed)], 2), { type: 'actions', elements: [sayButton(allCommands)] }]
  return { text, blocks: [...blocks, ...offered, ...others] }
}

/** Says which line of the form changes what no command does. */
function inTheForm(typed: string): Words {
  const only = formOnly(typed)
  return only === null ? [] : [` ${only.says}`]
}

/** Says where something is done that no command does. */
function elsewhere(typed: string): Words {
  const said = doneElsewhere(typed)
  return said === null ? [] : [` ${said}`]
}

/** The answer if nothing like a command was typed: offers the tokens whose names are near, and the choice of any. */
export function neither(typed: string, { tokens, notes = [] }: Pick<Near, 'tokens' | 'notes'>): Message {
  const isToken = notes.length > 0 ? 'no token of that name has been seen so far' : 'no token is called that'
  const then = tokens.length > 0 ? '. Did you mean one of these?' : ', so nothing was done.'
  const there = elsewhere(typed)
  const heading: Words = [typedIn(typed), ` is not a command here, and ${isToken}${then}`, ...there]
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

function labelOf({ verb, line }: Guess): string {
  if (verb === null) return `Show ${line}`
  return isQuick(verb) ? quickLabel(verb) : labels[verb]
}
