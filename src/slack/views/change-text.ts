import { isOrphaned } from '../../domain/askers.ts'
import { distinct } from '../../domain/look-alikes.ts'
import type { StoredChange } from '../../ports.ts'
import { count, header, limits, type Message } from './blocks.ts'
import { type Around as CardAround, changeSections } from './card.ts'
import { cardText } from './card-text.ts'
import { changeWords, type ListedChange } from './home-changes.ts'
import { line, type Piece, pack } from './layout.ts'
import { linkTo } from './outcome.ts'
import { message } from './token-text.ts'

/** Lines of one list, beyond which the rest is counted. */
const most = 20

/** `/token mine` */
export function mineText(mine: readonly ListedChange[]): Message {
  const heading = mine.length === 0 ? 'You have no open changes.' : `You have ${count(mine.length, 'open change')}:`
  return message([heading], [[line({ strong: heading }), ...lines(mine)]], shown(mine).map(changeWords))
}

export type Pending = {
  readonly toDecide: readonly ListedChange[]
  readonly others: readonly ListedChange[]
  /** Of stacks that are not configured. */
  readonly aside: readonly ListedChange[]
}

/** `/token pending`: those that the reader may decide come first. */
export function pendingText({ toDecide, others, aside }: Pending): Message {
  const all = toDecide.length + others.length
  const isAllForApproval = [...toDecide, ...others].every(({ stored }) => !isOrphaned(stored.change))
  const these = isAllForApproval ? `${count(all, 'change')} waiting for approval:` : `${count(all, 'open change')}:`
  const heading = all === 0 ? 'Nothing is waiting for approval.' : these
  const part = (title: string, changes: readonly ListedChange[]): Piece[] =>
    changes.length === 0 ? [] : [line({ strong: title }), ...lines(changes)]
  return message(
    [heading],
    [[line(heading)], part('Waiting for you', toDecide), part('Waiting for others', others), part('Set aside', aside)],
    [toDecide, others, aside].flatMap(shown).map(changeWords),
  )
}

function lines(changes: readonly ListedChange[]): Piece[] {
  const more = changes.length - most
  return [
    ...shown(changes).map((change) => line(...changeWords(change))),
    ...(more > 0 ? [line(`and ${more} more: see App Home`)] : []),
  ]
}

function shown(changes: readonly ListedChange[]): readonly ListedChange[] {
  return changes.slice(0, most)
}

type Around = CardAround & { readonly link: string | null }

/** `/token 42`: all that its card says, and the way to it. What can be done about it is done there. */
export function changeText({ change }: StoredChange, { link, ...around }: Around): Message {
  return {
    text: cardText(change, around),
    blocks: [
      header(`#${change.id} · ${distinct(change.before.name)}`),
      ...pack([...changeSections(change, around), linkTo(link)], limits.messageBlocks - 1),
    ],
  }
}
