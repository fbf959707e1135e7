import type { ModalView } from '@slack/types'
import { distinct } from '../../domain/look-alikes.ts'
import { knownField } from '../../words/fields.ts'
import { line, type Piece, quote } from '../../words/pieces.ts'
import { revertInForm } from '../../words/reverts.ts'
import { context, limits, plainText } from '../kit/blocks.ts'
import { actions, modals } from '../kit/ids.ts'
import { pack } from '../kit/layout.ts'
import { textInput } from './form-inputs.ts'
import { drawnOf, fieldInputs, type Opened } from './form-parts.ts'

/** The form, prefilled with `form`. `private_metadata` is the draft's id and nothing else. */
export function formView(opened: Opened): ModalView {
  return {
    type: 'modal',
    callback_id: modals.editForm,
    private_metadata: opened.draft.id,
    title: plainText(opened.draft.change === null ? 'Edit token' : 'Edit the change', limits.viewTitle),
    submit: plainText('Check the change', limits.viewTitle),
    close: plainText('Close', limits.viewTitle),
    blocks: [
      ...pack([intro(opened)], 5),
      context("The secret value can't be viewed or changed here; for a new one, generate a new token in Contentstack."),
      ...fieldInputs(opened),
      textInput(drawnOf(opened), {
        part: 'reason',
        label: 'Reason',
        hint: 'Approvers read it to decide, and it goes into the log.',
        action: actions.reason,
        multiline: true,
        max: limits.input,
        ...(opened.understood && { focus: true }),
      }),
    ],
  }
}

function intro({ draft, facts, notice, understood }: Opened): Piece[] {
  return [
    ...(understood === undefined ? [] : [...understood, line('Say why below; then you can check the change.')]),
    ...(notice === undefined ? [] : [quote(notice)]),
    ...(draft.change === null
      ? []
      : [
          line(`This edits change #${draft.change.id}, which is open as revision ${draft.change.revision}.`),
          line('What you send becomes a new revision: approvals given so far will no longer count.'),
        ]),
    ...revertInForm(draft.reverts),
    ...knownField('Token', distinct(draft.before.name)),
    line({ strong: 'Stack' }, ': ', { said: facts.title }),
  ]
}
