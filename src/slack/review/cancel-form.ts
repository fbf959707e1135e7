import type { ModalView } from '@slack/types'
import type { Change } from '../../domain/change/change.ts'
import type { Spot } from '../../domain/change/pressed.ts'
import { headline } from '../../words/headline.ts'
import { line } from '../../words/pieces.ts'
import { about, type Which } from '../../words/which-token.ts'
import { formValue, modals } from '../kit/ids.ts'
import { pack } from '../kit/layout.ts'
import { modal } from '../kit/modal.ts'

/** Asks again before a change ends for good. `opened`: the press that asked for it. */
export function cancelForm(change: Change, which: Which, opened: Spot = {}): ModalView {
  const what = line('Change ', ...about(change, which), endsHere(change))
  return modal({
    callback: modals.cancelForm,
    title: 'Cancel the change?',
    submit: 'Cancel the change',
    close: 'Keep it',
    metadata: formValue(change, opened),
    blocks: pack([[line(...headline(change, which.uidEnd)), what]], 1),
  })
}

/** One that is being applied can be cancelled only where its stack can't be asked: what was sent may have arrived. */
function endsHere({ status }: Change): string {
  return status === 'applying'
    ? ' will end here. That does not undo what was sent.'
    : ' will end here, and will not be applied. If it is still wanted, somebody has to ask for it again.'
}
