import type { ModalView } from '@slack/types'
import type { Change } from '../../domain/change/change.ts'
import { changeWords, type ListedChange } from '../../words/listed.ts'
import { line } from '../../words/pieces.ts'
import { limits } from '../kit/blocks.ts'
import { modals } from '../kit/ids.ts'
import { pack } from '../kit/layout.ts'
import { modal } from '../kit/modal.ts'

/** In place of the preview of an edit that the same person asks for in an open change. */
export function alreadyAskedView(listed: ListedChange): ModalView {
  const pieces = [
    line('You already ask for this, in a change that is still open:'),
    line(...changeWords(listed)),
    line(`Nothing was sent. ${instead(listed.stored.change)}`),
  ]
  return modal({
    callback: modals.refusal,
    title: 'Already asked for',
    close: 'Back',
    blocks: pack([pieces], limits.viewBlocks),
  })
}

function instead({ status }: Change): string {
  if (status === 'pending')
    return 'On its card you can nudge the approvers, edit the change and its reason, or cancel it. Go back to ask for something else.'
  if (status === 'drifted')
    return 'On its card you can rebase it, which asks for the same edit to the token as it is now, or cancel it and then ask again.'
  return 'It is on its way to the token, and its card says how it ends. Go back to ask for something else.'
}
