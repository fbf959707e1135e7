import type { ActionsBlock } from '@slack/types'
import { z } from 'zod'
import { inLine } from '../../domain/quick/quoted.ts'
import { button, limits } from '../kit/blocks.ts'
import { actions } from '../kit/ids.ts'

/** A line whose token has still to be chosen: its first word, what follows the token, and the stack that was named. */
export type Waiting = { readonly verb: string; readonly rest: string; readonly stack?: string | undefined }

/** `called`: a text that names the token and no other. */
export function lineWith({ verb, rest }: Waiting, called: string): string {
  return `${verb} ${inLine(called)} ${rest}`.trim()
}

/** For a reader: the line without its token. */
export function waitingWords({ verb, rest }: Waiting): string {
  return `${verb} ${rest}`.trim()
}

export function waitingValue(waiting: Waiting): string {
  return JSON.stringify(waiting).replace(unseen, (one) => one.split('').map(inHex).join(''))
}

/** Characters that hide in a text: nothing that goes to Slack has them. */
const unseen = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}]/gu

/** A UTF-16 unit, as JSON writes it. */
function inHex(unit: string): string {
  return `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`
}

const waitingText = z.object({ verb: z.string(), rest: z.string(), stack: z.string().optional() })

/** Null for any text that `waitingValue` did not write. */
export function readWaiting(text: unknown): Waiting | null {
  try {
    return waitingText.safeParse(JSON.parse(String(text))).data ?? null
  } catch {
    return null
  }
}

/** The choice of a token that goes on with the line; null if the line is too long for a button. */
export function chooseFor(waiting: Waiting): ActionsBlock | null {
  const value = waitingValue(waiting)
  if (value.length > limits.buttonValue) return null
  return {
    type: 'actions',
    elements: [button({ text: 'Choose a token…', action: actions.chooseForLine, value })],
  }
}
