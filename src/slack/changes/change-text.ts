import type { Stretch } from '../../domain/stretch.ts'
import type { StoredChange } from '../../ports/changes.ts'
import { type Around as CardAround, changeSections } from '../../words/change.ts'
import { changeWords, type ListedChange } from '../../words/listed.ts'
import { line, type Piece } from '../../words/pieces.ts'
import { count } from '../../words/text.ts'
import { cardText } from '../card/card-text.ts'
import { linkTo } from '../card/outcome.ts'
import { limits, type Message } from '../kit/blocks.ts'
import { pack } from '../kit/layout.ts'
import { message } from '../tokens/token-text.ts'

/** The first lines of a list; the rest is counted. */
export const firstLines = { page: 0, size: 20 }

type List = Stretch<ListedChange>

/** `/token mine` */
export function mineText(mine: List): Message {
  const heading = mine.total === 0 ? 'You have no open changes.' : `You have ${count(mine.total, 'open change')}:`
  return message([heading], [[line({ strong: heading }), ...lines(mine)]], mine.items.map(changeWords))
}

export type Pending = {
  readonly toDecide: List
  readonly others: List
  /** In stacks that are not configured. */
  readonly aside: List
  /** True if none of those the reader or others may decide on waits to be taken over. */
  readonly isAllForApproval: boolean
}

/** `/token pending`: first those that the reader may decide on. */
export function pendingText({ toDecide, others, aside, isAllForApproval }: Pending): Message {
  const all = toDecide.total + others.total
  const these = isAllForApproval ? `${count(all, 'change')} waiting for approval:` : `${count(all, 'open change')}:`
  const heading = all === 0 ? 'Nothing is waiting for approval.' : these
  const part = (title: string, changes: List): Piece[] =>
    changes.total === 0 ? [] : [line({ strong: title }), ...lines(changes)]
  return message(
    [heading],
    [[line(heading)], part('Waiting for you', toDecide), part('Waiting for others', others), part('Set aside', aside)],
    [toDecide, others, aside].flatMap(({ items }) => items).map(changeWords),
  )
}

function lines({ items, total }: List): Piece[] {
  const more = total - items.length
  return [
    ...items.map((change) => line(...changeWords(change))),
    ...(more > 0 ? [line(`and ${more} more: see App Home`)] : []),
  ]
}

type Around = CardAround & { readonly link: string | null }

/** `/token 42`: everything on its card, and the way to the card, which has the buttons. */
export function changeText({ change }: StoredChange, { link, ...around }: Around): Message {
  return {
    text: cardText(change, around),
    blocks: pack([...changeSections(change, around), linkTo(link)], limits.messageBlocks),
  }
}
