import type { ModalView } from '@slack/types'
import type { Change } from '../../domain/change/change.ts'
import type { Spot } from '../../domain/change/pressed.ts'
import { type Previewed, previewSections } from '../../words/preview.ts'
import { limits } from '../kit/blocks.ts'
import { formValue, modals } from '../kit/ids.ts'
import { pack } from '../kit/layout.ts'
import { modal } from '../kit/modal.ts'

/** Shows what a rebase asks for, over the token as it was found, and of whom. `opened`: the press that asked for it. */
export function rebaseForm(change: Change, previewed: Previewed, opened: Spot = {}): ModalView {
  return modal({
    callback: modals.rebaseForm,
    title: 'Rebase the change?',
    submit: 'Rebase',
    close: 'Back',
    metadata: formValue(change, opened),
    blocks: pack(previewSections(previewed), limits.viewBlocks),
  })
}
