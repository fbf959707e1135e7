import type { KnownBlock } from '@slack/types'
import { distinct } from '../../domain/look-alikes.ts'
import type { GoneToken } from '../../ports/looks.ts'
import { line } from '../../words/pieces.ts'
import type { Words } from '../../words/words.ts'
import type { Message } from '../kit/blocks.ts'
import { sayButtons } from '../kit/say-buttons.ts'
import { message } from './token-text.ts'

export type TitledGone = { readonly token: GoneToken; readonly stackTitle: string }

export const mostGone = 20

/** The answer to a name or uid whose token is gone: one line for each that had it. */
export function goneTokens(gone: readonly TitledGone[]): Message {
  const lines = gone.slice(0, mostGone).map(goneWords)
  const heading = 'Nothing was opened.'
  const { text, blocks } = message([heading], [[line(heading), ...lines.map((words) => line(...words))]], lines)
  return { text, blocks: [...blocks, ...toHistory(gone)] }
}

/** The way to the history of one that is gone; of several, each line says it. */
export function toHistory([one, ...others]: readonly TitledGone[]): KnownBlock[] {
  return one && others.length === 0 ? sayButtons([{ line: `history ${one.token.uid}`, label: 'Show history' }]) : []
}

export function goneWords({ token: { uid, settings, goneAt }, stackTitle }: TitledGone): Words {
  return [
    'Token ',
    { said: distinct(settings.name) },
    ' on ',
    { said: stackTitle },
    ' is gone: the stack said so ',
    { at: goneAt },
    '. What happened to it: ',
    { said: `/token history ${uid}` },
  ]
}
