import type { Stretch } from '../../domain/stretch.ts'
import type { StoredChange } from '../../ports/changes.ts'
import { type Around as CardAround, changeSections } from '../../words/change.ts'
import { changeWords, type ListedChange } from '../../words/listed.ts'
import { line, type Piece } from '../../words/pieces.ts'
import { count } from '../../words/text.ts'
import type { Words } from '../../words/words.ts'
import { cardText } from '../card/card-text.ts'
import { linkTo } from '../card/outcome.ts'
import { limits, type Message } from '../kit/blocks.ts'
import { pack } from '../kit/layout.ts'
import { type Offer, sayButtons } from '../kit/say-buttons.ts'
import { message } from '../tokens/token-text.ts'

/** The first lines of a list; the rest is counted. */
export const firstLines = { page: 0, size: 20 }

type List = Stretch<ListedChange>

/** The words that a list was narrowed down by: `onStack` is the title of the stack that they named; `all` were there before. */
type Narrowed = { readonly text: string; readonly onStack: string | null; readonly all: number }

export type Mine = List & { readonly narrowed?: Narrowed | null }

/** `/token mine`, and `/token mine website` */
export function mineText({ narrowed = null, ...list }: Mine): Message {
  if (list.total === 0 && narrowed && narrowed.all > 0)
    return noneOf(`of your ${count(narrowed.all, 'open change')}`, narrowed, { line: 'mine', label: 'Show my changes' })
  if (list.total === 0)
    return message(['You have no open changes.'], [[line({ strong: 'You have no open changes.' })]], [])
  const heading = [`You have ${count(list.total, 'open change')}`, ...narrowedWords(narrowed), ':']
  return message(heading, [[line(...heading), ...lines(list)]], list.items.map(changeWords))
}

export type Pending = {
  readonly toDecide: List
  readonly others: List
  /** In stacks that are not configured. */
  readonly aside: List
  /** True if none of those the reader or others may decide on waits to be taken over. */
  readonly isAllForApproval: boolean
  readonly narrowed?: Narrowed | null
}

/** `/token pending`, and `/token pending website`: first those that the reader may decide on. */
export function pendingText({ toDecide, others, aside, isAllForApproval, narrowed = null }: Pending): Message {
  const all = toDecide.total + others.total
  if (all + aside.total === 0 && narrowed && narrowed.all > 0)
    return noneOf(`of the ${count(narrowed.all, 'change')} that are open`, narrowed, {
      line: 'pending',
      label: 'Show pending',
    })
  const which = narrowedWords(narrowed)
  const these = isAllForApproval
    ? [`${count(all, 'change')} waiting for approval`, ...which, ':']
    : [`${count(all, 'open change')}`, ...which, ':']
  const heading = all === 0 ? ['Nothing is waiting for approval', ...which, '.'] : these
  const part = (title: string, changes: List): Piece[] =>
    changes.total === 0 ? [] : [line({ strong: title }), ...lines(changes)]
  return message(
    heading,
    [
      [line(...heading)],
      part('Waiting for you', toDecide),
      part('Waiting for others', others),
      part('Set aside', aside),
    ],
    [toDecide, others, aside].flatMap(({ items }) => items).map(changeWords),
  )
}

/** Says so, and offers the whole list. */
function noneOf(all: string, narrowed: Narrowed, whole: Offer): Message {
  const words: Words = [`None ${all} is`, ...narrowedWords(narrowed), '.']
  const { text, blocks } = message(words, [[line(...words)]], [])
  return { text, blocks: [...blocks, ...sayButtons([whole])] }
}

function narrowedWords(narrowed: Narrowed | null): Words {
  if (narrowed === null) return []
  const { text, onStack } = narrowed
  if (onStack !== null) return [' on ', { said: onStack }]
  return [' about a token with ', { said: text }, ' in the name, the uid or the stack']
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
