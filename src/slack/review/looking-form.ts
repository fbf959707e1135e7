import type { ModalView } from '@slack/types'
import type { Change } from '../../domain/change/change.ts'
import { lookingAt } from '../../domain/change/looking.ts'
import type { Spot } from '../../domain/change/pressed.ts'
import { headline } from '../../words/headline.ts'
import { line } from '../../words/pieces.ts'
import { formValue, modals } from '../kit/ids.ts'
import { pack } from '../kit/layout.ts'
import { modal } from '../kit/modal.ts'

/** Lets somebody who said that they are looking take that back. `opened`: the press that asked for it. */
export function lookingForm(change: Change, person: string, opened: Spot = {}): ModalView {
  const since = lookingAt(change).find(({ by }) => by === person)?.at
  const said = line(
    `You said that you are looking at change #${change.id}`,
    ...(since === undefined ? [] : [', ', { at: since }]),
    '. Its card tells the other approvers. If you no longer are, take it back here: that decides nothing.',
  )
  return modal({
    callback: modals.lookingForm,
    title: 'Are you still looking?',
    submit: 'I stopped looking',
    close: 'Still looking',
    metadata: formValue(change, opened),
    blocks: pack([[line(...headline(change)), said]], 2),
  })
}
