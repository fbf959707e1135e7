import type { KnownBlock, RichTextBlock, TableBlock } from '@slack/types'
import type { Change, Ended } from '../../domain/change/change.ts'
import { isDecidedOn, putBackInWords } from '../../words/decisions.ts'
import { whatItDoes } from '../../words/headline.ts'
import { cardLink, changeWords, type ListedChange } from '../../words/listed.ts'
import type { Piece } from '../../words/pieces.ts'
import { approvalsInALine } from '../../words/requirement.ts'
import { standing } from '../../words/standing.ts'
import { verdictBelow } from '../../words/verdict-below.ts'
import { tokenOn } from '../../words/which-token.ts'
import { people, shortened, type Word, type Words } from '../../words/words.ts'
import { appliedOtherwise, sentSoFar, sentUntilItFailed } from '../../words/written.ts'
import { decisionButtons, requesterButtons } from '../card/card-buttons.ts'
import { homeLine, mostSaid } from '../kit/home-line.ts'
import { pack } from '../kit/layout.ts'
import { rich } from '../kit/rich.ts'

/** Names in one verdict. */
const mostNames = 3

/** Changes that the person can decide on, each with the first two buttons of its card. */
export function waitingForYou(changes: readonly ListedChange[]): KnownBlock[] {
  return changes.flatMap((listed) => {
    const { change } = listed.stored
    const asked = homeLine(
      'Asked for by ',
      { person: change.requester },
      ...editedBy(change),
      '; open until ',
      { at: change.expiresAt },
      '.',
    )
    return [
      ...pack(
        [[homeLine(...changeWords(listed)), ...below(change), asked, ...approvals(change), ...putBackInWords(change)]],
        1,
      ),
      decisionButtons(change),
    ]
  })
}

/** Empty if the line above has said it all. */
function below(change: Change): Piece[] {
  const words = verdictBelow(change, mostNames)
  return words.length === 0 ? [] : [homeLine(...words)]
}

function editedBy({ amenders }: Change): Word[] {
  return amenders.length === 0 ? [] : [', edited by ', ...people(amenders, mostNames)]
}

/** Who has approved, and who is still needed. */
function approvals(change: Change): Piece[] {
  return isDecidedOn(change) ? [homeLine(...approvalsInALine(change))] : []
}

/** Open changes that the person asked for. */
export function askedByYou(changes: readonly ListedChange[]): KnownBlock[] {
  return changes.flatMap((listed) => [
    ...pack([[homeLine(...changeWords(listed)), ...approvals(listed.stored.change)]], 1),
    ...requesterButtons(listed.stored.change),
  ])
}

/** A change that has ended, and its card. */
export type EndedChange = Omit<ListedChange, 'stored' | 'others'> & { readonly change: Ended }

const columns = ['Change', 'Token', 'Asked for by', 'Approved by', 'Outcome', 'When']
const mostApprovers = 5

/** Ended changes as a table. Its cells are rich text, which no text in them can break out of. */
export function endedTable(changes: readonly EndedChange[]): KnownBlock[] {
  const heading = columns.map((name) => cell({ strong: name }))
  const table: TableBlock = {
    type: 'table',
    column_settings: columns.map(() => ({ is_wrapped: true })),
    rows: [heading, ...changes.map(endedRow)],
  }
  return [table]
}

function endedRow({ change, link, ...which }: EndedChange): RichTextBlock[] {
  const number = `#${change.id}`
  return [
    cell(link === null ? number : { link, name: number }, ' ', ...whatItDoes(change, which.uidEnd)),
    cell(...tokenOn(change.before.name, which)),
    cell({ person: change.requester }),
    cell(...approvers(change)),
    cell(...outcome(change)),
    cell({ at: change.endedAt }),
  ]
}

/** All cells of a table together may hold 10,000 characters. Source: slack.md §2. */
function cell(...words: Words): RichTextBlock {
  return { type: 'rich_text', elements: [{ type: 'rich_text_section', elements: rich(shortened(words, mostSaid)) }] }
}

/** The same, if Slack takes no table. */
export function endedLines(changes: readonly EndedChange[]): KnownBlock[] {
  return pack([changes.map(endedLine)], changes.length)
}

function endedLine({ change, link, ...which }: EndedChange): Piece {
  return homeLine(
    { strong: `#${change.id}` },
    ' ',
    ...whatItDoes(change, which.uidEnd),
    ' · ',
    { said: which.stackTitle },
    '. It ',
    ...standing(change),
    ...whyFailed(change),
    '. Asked for by ',
    { person: change.requester },
    ', approved by ',
    ...approvers(change),
    '. ',
    ...cardLink(link),
  )
}

/** The stack's word that it took an update does not end a change. */
function whyFailed(change: Ended): Word[] {
  return change.status === 'failed' ? ['. Why: ', { said: change.why }] : []
}

function approvers({ approvals }: Ended): Word[] {
  return approvals.length === 0
    ? ['nobody']
    : people(
        approvals.map(({ by }) => by),
        mostApprovers,
      )
}

function outcome(change: Ended): Word[] {
  switch (change.status) {
    case 'applied':
      return change.written
        ? ['Applied', ...appliedOtherwise(change)]
        : ['The token was already set this way', ...sentSoFar(change)]
    case 'failed':
      return ['Failed', ...sentUntilItFailed(change), ...whyFailed(change)]
    case 'rejected':
      return ['Rejected by ', { person: change.rejectedBy }, ...sentSoFar(change)]
    case 'cancelled':
      return ['Cancelled by ', { person: change.cancelledBy }, ...sentSoFar(change)]
    case 'expired':
      return ['Expired', ...sentSoFar(change)]
  }
}
