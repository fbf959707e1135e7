import { distinct } from '../../domain/look-alikes.ts'
import type { GoneToken } from '../../ports/looks.ts'
import { line } from '../../words/pieces.ts'
import type { Words } from '../../words/words.ts'
import type { Message } from '../kit/blocks.ts'
import { message } from './token-text.ts'

export type TitledGone = { readonly token: GoneToken; readonly stackTitle: string }

export const mostGone = 20

/** The answer to a name or uid whose token is gone: one line for each that had it. */
export function goneTokens(gone: readonly TitledGone[]): Message {
  const lines = gone.slice(0, mostGone).map(goneWords)
  const heading = 'Nothing was opened.'
  return message([heading], [[line(heading), ...lines.map((words) => line(...words))]], lines)
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
