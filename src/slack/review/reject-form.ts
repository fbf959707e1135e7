import type { ModalView } from '@slack/types'
import { z } from 'zod'
import type { Change } from '../../domain/change/change.ts'
import type { Spot } from '../../domain/change/pressed.ts'
import { distinct } from '../../domain/look-alikes.ts'
import { line } from '../../words/pieces.ts'
import { endInWords } from '../../words/which-token.ts'
import { limits, plainText } from '../kit/blocks.ts'
import { actions, blocks, formValue, modals } from '../kit/ids.ts'
import { pack } from '../kit/layout.ts'
import { modal } from '../kit/modal.ts'

/** Asks why a change is rejected. `opened`: the press that asked for it; `uidEnd`: see `uidEndOf`. */
export function rejectForm(change: Change, opened: Spot = {}, uidEnd: string | null = null): ModalView {
  return modal({
    callback: modals.rejectForm,
    title: 'Reject the change',
    submit: 'Reject',
    close: 'Back',
    metadata: formValue(change, opened),
    blocks: [
      ...pack(
        [
          [
            line(
              `Change #${change.id} to token `,
              { said: distinct(change.before.name) },
              ...endInWords(uidEnd),
              ' will end here, and will not be applied.',
            ),
          ],
        ],
        1,
      ),
      {
        type: 'input',
        block_id: blocks.rejection,
        label: plainText('Reason'),
        hint: plainText('The requester is told, and it goes into the log.'),
        element: { type: 'plain_text_input', action_id: actions.rejection, multiline: true, max_length: limits.input },
      },
    ],
  })
}

const rejected = z.looseObject({
  [blocks.rejection]: z.looseObject({ [actions.rejection]: z.looseObject({ value: z.string().nullish() }) }),
})

/** The reason typed in the reject form, from `view.state.values`; empty if there is none. */
export function readRejection(values: unknown): string {
  const read = rejected.safeParse(values)
  return (read.success && read.data[blocks.rejection]?.[actions.rejection]?.value) || ''
}
