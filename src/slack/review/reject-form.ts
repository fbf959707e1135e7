import type { ModalView } from '@slack/types'
import { z } from 'zod'
import type { Change } from '../../domain/change/change.ts'
import type { Spot } from '../../domain/change/pressed.ts'
import { headline } from '../../words/headline.ts'
import { line } from '../../words/pieces.ts'
import { verdict } from '../../words/verdict.ts'
import { about, type Which } from '../../words/which-token.ts'
import { limits, plainText } from '../kit/blocks.ts'
import { actions, blocks, formValue, modals } from '../kit/ids.ts'
import { pack } from '../kit/layout.ts'
import { modal } from '../kit/modal.ts'

/** Asks why a change is rejected, and says what it would do. `opened`: the press that asked for it. */
export function rejectForm(change: Change, which: Which, opened: Spot = {}): ModalView {
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
            line(...headline(change, which.uidEnd)),
            line(...verdict(change)),
            line('Change ', ...about(change, which), ' will end here, and will not be applied.'),
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
