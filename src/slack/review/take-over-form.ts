import type { ModalView } from '@slack/types'
import { askersOf, type Change } from '../../domain/change/change.ts'
import type { Spot } from '../../domain/change/pressed.ts'
import { headline } from '../../words/headline.ts'
import { line } from '../../words/pieces.ts'
import { about, type Which } from '../../words/which-token.ts'
import { people, type Words } from '../../words/words.ts'
import { formValue, modals } from '../kit/ids.ts'
import { pack } from '../kit/layout.ts'
import { modal } from '../kit/modal.ts'

/**
 * Asks again before `person` asks for a change instead of those who may no longer: they give up deciding on it, for
 * good. `opened`: the press that asked for it.
 */
export function takeOverForm(change: Change, person: string, which: Which, opened: Spot = {}): ModalView {
  return modal({
    callback: modals.takeOverForm,
    title: 'Take over the change?',
    submit: 'Take it over',
    close: 'Back',
    metadata: formValue(change, opened),
    blocks: pack(
      [
        [
          line(...headline(change, which.uidEnd)),
          line('Change ', ...about(change, which), ' will be asked for in your name', ...insteadOf(change), '.'),
          line(whatItCosts(change, person)),
        ],
      ],
      3,
    ),
  })
}

function insteadOf({ barredAskers = [] }: Change): Words {
  const from = barredAskers.map(({ by }) => by)
  return from.length === 0 ? [] : [', instead of that of ', ...people(from, 3)]
}

function whatItCosts(change: Change, person: string): string {
  return askersOf(change).includes(person)
    ? "You asked for it too, so you can't decide on it in any case. It needs new approvals, by others."
    : "After that you can no longer approve or reject it, and that can't be undone. It needs new approvals, by others. If you only want it approved or rejected, let somebody else take it over."
}
