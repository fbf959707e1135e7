import type { KnownBlock, RichTextBlock, TableBlock } from '@slack/types'
import { isOrphaned } from '../../domain/change/askers.ts'
import { asideBecause, type Change, type Ended } from '../../domain/change/change.ts'
import { distinct } from '../../domain/look-alikes.ts'
import { diff } from '../../domain/token/diff.ts'
import type { StoredChange } from '../../ports.ts'
import { decisionButtons, requesterButtons } from '../card/card-buttons.ts'
import { homeLine, mostSaid } from '../home/home-list.ts'
import { type Piece, pack } from '../kit/layout.ts'
import { tooFewInWords } from '../words/requirement.ts'
import { cardlessInWords, type OtherChange, putBackInWords, standing } from '../words/standing.ts'
import { verdict } from '../words/verdict.ts'
import { people, rich, shortened, type Word, type Words } from '../words/words.ts'
import { appliedOtherwise, sentSoFar, sentUntilItFailed } from '../words/written.ts'

/**
 * A change with what its line needs: its stack's title, its card's permalink when there is one, and other open changes to its
 * token, which it may wait for.
 */
export type ListedChange = {
  readonly stored: StoredChange
  readonly stackTitle: string
  readonly link: string | null
  readonly others?: readonly OtherChange[]
}

/** `#42 ci-deploy on Website: Name, Expires. It is waiting for 1 approval. Open the card` */
export function changeWords({ stored: { change }, stackTitle, link, others }: ListedChange): Words {
  const fields = diff(change.before, change.after).map((field) => field.label)
  return [
    { strong: `#${change.id}` },
    ' ',
    { said: distinct(change.before.name) },
    ' on ',
    { said: stackTitle },
    `: ${fields.join(', ')}. It `,
    ...standing(change, others),
    '. ',
    ...nobodyLeft(change),
    ...cardlessInWords(change).map((words) => `${words} `),
    ...cardLink(link),
  ]
}

function nobodyLeft(change: Change): Words {
  if (change.status !== 'pending' || asideBecause(change) !== null || isOrphaned(change)) return []
  return tooFewInWords(change).flatMap((words) => [...words, ' '])
}

/** Names in one verdict. */
const mostNames = 3

/** Changes that the person can decide on, with the first two buttons of their cards. */
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
        [[homeLine(...changeWords(listed)), homeLine(...verdict(change, mostNames)), asked, ...putBackInWords(change)]],
        1,
      ),
      decisionButtons(change),
    ]
  })
}

function editedBy({ amenders }: Change): Word[] {
  return amenders.length === 0 ? [] : [', edited by ', ...people(amenders, mostNames)]
}

/** Open changes that the person asked for. */
export function askedByYou(changes: readonly ListedChange[]): KnownBlock[] {
  return changes.flatMap((listed) => [
    ...pack([[homeLine(...changeWords(listed))]], 1),
    ...requesterButtons(listed.stored.change),
  ])
}

/** A change that has ended, with its card. */
type EndedChange = Omit<ListedChange, 'stored' | 'others'> & { readonly change: Ended }

const columns = ['Change', 'Token', 'Asked for by', 'Approved by', 'Outcome', 'When']
const mostApprovers = 5

/** Ended changes as a table. Its cells are rich text, which nothing in them can break out of. */
export function endedTable(changes: readonly EndedChange[]): KnownBlock[] {
  const heading = columns.map((name) => cell({ strong: name }))
  const table: TableBlock = {
    type: 'table',
    column_settings: columns.map(() => ({ is_wrapped: true })),
    rows: [heading, ...changes.map(endedRow)],
  }
  return [table]
}

function endedRow({ change, stackTitle, link }: EndedChange): RichTextBlock[] {
  const number = `#${change.id}`
  const token = [{ said: distinct(change.before.name) }, ' on ', { said: stackTitle }]
  return [
    cell(link === null ? number : { link, name: number }),
    cell(...token),
    cell({ person: change.requester }),
    cell(...approvers(change)),
    cell(...outcome(change)),
    cell({ at: change.endedAt }),
  ]
}

/** All cells of a table together hold 10,000 characters. Source: slack.md §2. */
function cell(...words: Words): RichTextBlock {
  return { type: 'rich_text', elements: [{ type: 'rich_text_section', elements: rich(shortened(words, mostSaid)) }] }
}

/** The same for where Slack takes no table. */
export function endedLines(changes: readonly EndedChange[]): KnownBlock[] {
  return pack([changes.map(endedLine)], changes.length)
}

function endedLine({ change, stackTitle, link }: EndedChange): Piece {
  return homeLine(
    { strong: `#${change.id}` },
    ' ',
    { said: distinct(change.before.name) },
    ' on ',
    { said: stackTitle },
    ' ',
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

/** That the stack said that it took an update is no end by itself. */
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
      return change.written ? ['Applied', ...appliedOtherwise(change)] : ['Found as asked for', ...sentSoFar(change)]
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

function cardLink(link: string | null): Word[] {
  return link === null ? [] : [{ link, name: 'Open the card' }]
}
