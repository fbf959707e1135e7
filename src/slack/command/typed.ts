import type { RespondFn } from '@slack/bolt'
import type { WebClient } from '@slack/web-api'
import type { Target } from '../calls/target.ts'
import { updateModal } from '../calls/views.ts'
import type { Message } from '../kit/blocks.ts'
import { modals } from '../kit/ids.ts'
import { modal } from '../kit/modal.ts'

/** A line that somebody typed after `/token`, or that a button stands for. */
export type Typed = {
  /** All of it, and the same without its first word. */
  readonly text: string
  readonly rest: string
  readonly person: string
  readonly client: WebClient
  /** Where a view opens. */
  readonly target: Target
  readonly tell: Tell
  /** They were told already that the log can't be written. */
  readonly said: string | null
}
/** A line that has still to be read. */
export type Asking = Omit<Typed, 'text' | 'rest'>
export type Asked = Pick<Typed, 'person' | 'tell' | 'said'>
export type Run = (typed: Typed) => Promise<void>

/** Only the person who asked sees it. */
export type Tell = (message: Message) => Promise<void>

/** An answer below the line that was typed, or below the message with the button. */
export function tellingBelow(respond: RespondFn): Tell {
  return async ({ text, blocks }) => {
    await respond({ response_type: 'ephemeral', replace_original: false, text, blocks })
  }
}

/** The same in place of the modal that has the button. */
export function tellingIn(client: WebClient, view_id: string): Tell {
  return async ({ blocks }) => {
    const view = modal({ callback: modals.quickAnswer, title: 'What you typed', close: 'Close', blocks })
    await updateModal(client, { view_id }, view)
  }
}
