import { isGroup } from '../policy/policy.ts'
import { idsOf } from '../policy/quorum.ts'
import type { Naming } from '../refusal.ts'
import { isOrphaned } from './askers.ts'
import { askersOf, type Change, requestersOf } from './change.ts'
import { rulesShown } from './named.ts'

/** More names than this are counted. */
const mostNamed = 10

/** `@a, @b`, and how many more there are. */
export function mentions(ids: readonly string[]): Naming {
  const named = ids
    .slice(0, mostNamed)
    .flatMap((id, i) => [...(i === 0 ? [] : [', ']), isGroup(id) ? { group: id } : { person: id }])
  return ids.length > mostNamed ? [...named, ` and ${ids.length - mostNamed} more`] : named
}

/** The people and groups whom the rules of a change name, without those who asked for it. */
export function decidersOf(change: Change): string[] {
  const asked = requestersOf(change)
  return idsOf(rulesShown(change).flatMap(({ parties }) => parties)).filter((id) => !asked.includes(id))
}

/** Says what somebody who may not decide on a change can do instead. `by`: by the id that it knows them by, if it does. */
export function insteadOfDeciding(change: Change, by: string, attempted: string): Naming {
  const { requester } = change
  if (attempted === 'edit')
    return ['You can ask ', { person: requester }, ' to edit it, or ask for a change of your own.']
  if (by === requester) return ['In the menu of its card, you can edit it, nudge them, or cancel it.']
  if (askersOf(change).includes(by)) return ['In the menu of its card, you can edit it again, or nudge them.']
  return ['To say something about it, write in the thread of its card.']
}

/** `mayDecide`: true for somebody who may decide on the change, and so can end it in their own way. */
export function whoCanCancel(change: Change, mayDecide: boolean): Naming {
  const { id, requester, status } = change
  if (isOrphaned(change)) return [`You can't cancel change #${id}. Nothing was done. Its card says who can.`]
  const only: Naming = [
    'Only ',
    { person: requester },
    `, who asked for change #${id}, can cancel it. Nothing was done. `,
  ]
  return [...only, mayDecide && status === 'pending' ? 'To end it, press Reject… and say why.' : askThem]
}

export function whoCanNudge(change: Change, mayDecide: boolean): Naming {
  const only: Naming = [
    'Only those who asked for ',
    `change #${change.id} can nudge its approvers: `,
    ...mentions(askersOf(change)),
  ]
  return [...only, '. Nothing was sent. ', mayDecide ? 'You can decide on it yourself: Approve, or Reject….' : askThem]
}

export function whoCanRebase(change: Change): Naming {
  const only: Naming = [`Only those who asked for change #${change.id} can rebase it: `, ...mentions(askersOf(change))]
  return [...only, '. Nothing was done. Until then it stays stopped, and nothing is written.']
}

const askThem = 'You can ask them to, in the thread of its card.'
