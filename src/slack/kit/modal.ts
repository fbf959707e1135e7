import type { KnownBlock, ModalView } from '@slack/types'
import { line, quote } from '../../words/pieces.ts'
import type { Words } from '../../words/words.ts'
import { context, limits, plainText } from './blocks.ts'
import { modals } from './ids.ts'
import { pack } from './layout.ts'

type Spec = { callback: string; title: string; submit?: string; close: string; metadata?: string; blocks: KnownBlock[] }

export function modal({ callback, title, submit, close, metadata, blocks }: Spec): ModalView {
  return {
    type: 'modal',
    callback_id: callback,
    title: plainText(title, limits.viewTitle),
    close: plainText(close, limits.viewTitle),
    ...(submit !== undefined && { submit: plainText(submit, limits.viewTitle) }),
    ...(metadata !== undefined && { private_metadata: metadata }),
    blocks,
  }
}

/**
 * A "no" in a modal, over the view that was sent or in its place. `what` says all of it: what happened, what it means
 * and what to do; in words if it names people.
 */
export function refusalView(what: string | Words, title = 'This was refused', back: string | null = null): ModalView {
  return modal({
    callback: modals.refusal,
    title,
    close: 'Back',
    blocks: [
      ...pack([[typeof what === 'string' ? quote(what) : line(...what)]], limits.viewBlocks - 1),
      ...(back === null ? [] : [context(back)]),
    ],
  })
}
