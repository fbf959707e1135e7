import { approvalsCounted } from '../../domain/change/approvals.ts'
import { isOrphaned } from '../../domain/change/askers.ts'
import { asideBecause, type Change, hasEnded } from '../../domain/change/change.ts'
import { isShortOfPeople } from '../../domain/change/named.ts'
import { rebasedOver, unseenOf } from '../../domain/change/status.ts'
import { whyNoRebase } from '../../domain/token/rebase.ts'
import type { StoredChange } from '../../ports/changes.ts'
import { collided, rebaseInWords } from '../../words/change.ts'
import { changedFields, driftedFields } from '../../words/fields.ts'
import { line, type Piece, quote } from '../../words/pieces.ts'
import { approvalsInLines, approvalsInWords, brief, roomy } from '../../words/requirement.ts'
import { cardlessInWords, type OtherChange, orphanedInWords, standing, why } from '../../words/standing.ts'
import { shortLine } from '../../words/text.ts'
import { verdict } from '../../words/verdict.ts'
import { about, type Which } from '../../words/which-token.ts'
import { people, type Words } from '../../words/words.ts'
import { escaped, limits, type Message } from '../kit/blocks.ts'
import { changedInText, verdictInText } from '../kit/in-text.ts'
import { pack } from '../kit/layout.ts'
import { inText } from '../kit/rich.ts'
import { driftInText } from './card-text.ts'

/**
 * A change as a direct message shows it: `cardLink` is its card's permalink, if it has a card; `others` as on the card.
 */
export type Shown = Which & {
  readonly cardLink: string | null
  readonly others?: readonly OtherChange[]
}

/** The direct message that tells the requester where their change stands: sent, stopped, or how it ended. */
export function outcomeMessage({ change }: StoredChange, { cardLink, others, ...which }: Shown): Message {
  const where: Words = isShort(change) ? ["can't be approved now"] : standing(change, others)
  const sentence = ['Your change ', ...about(change, which), ...rebasedInWords(change), ' ', ...where, '.']
  return {
    text: textOf(change, sentence),
    blocks: pack(
      [
        [
          line(...sentence),
          ...entered(change).map((words) => line(...words)),
          ...edited(change).map((words) => line(...words)),
          ...why(change),
          ...next(change),
          ...cardlessInWords(change).map((words) => line(words)),
          ...(hasEnded(change) ? [] : comments(change)),
          ...linkTo(cardLink),
        ],
      ],
      limits.messageBlocks,
    ),
  }
}

/** Says over what it was rebased: somebody else may have done it. */
function rebasedInWords(change: Change): Words {
  const { rebased } = change
  if (!isRebased(change) || rebased === undefined) return []
  const by: Words = rebased.by === change.requester ? [] : ['by ', { person: rebased.by }, ' ']
  return [' was rebased ', ...by, `${rebasedOver(rebased, change.id)}, and`]
}

/** True while it waits as the revision that was rebased. */
function isRebased({ rebased, revision, status }: Change): boolean {
  return status === 'pending' && rebased?.revision === revision
}

/** The reason follows, except for one that waits to be taken over: its own words give it. */
function isShort(change: Change): boolean {
  return asideBecause(change) === null && !isOrphaned(change) && isShortOfPeople(change)
}

/** A person learns here that somebody else asked for this in their name. */
function entered({ enteredBy, status }: Change): Words[] {
  if (enteredBy === undefined) return []
  const said: Words = ['It was entered for you at a terminal by ', { person: enteredBy }, '.']
  return [status === 'pending' ? [...said, " If you don't want it, press Cancel on its card."] : said]
}

/** The result may not be what they asked for. */
function edited({ amenders }: Change, most = roomy.people): Words[] {
  return amenders.length === 0 ? [] : [['It was edited by ', ...people(amenders, most), '.']]
}

export function linkTo(cardLink: string | null): Piece[] {
  return cardLink === null ? [] : [line({ link: cardLink, name: 'Open the card' })]
}

function next(change: Change): Piece[] {
  if (asideBecause(change) !== null) return []
  switch (change.status) {
    case 'pending':
      if (isOrphaned(change)) return []
      return [
        line(...verdict(change)),
        ...(isRebased(change) ? [line({ strong: 'What will be written' }), ...changedFields(change)] : []),
        ...approvalsInLines(change),
      ]
    case 'drifted':
      return [
        line({ strong: 'Changed meanwhile' }),
        ...driftedFields(change),
        line({ strong: whatIsListed(change) }),
        ...changedFields(change),
        ...collided(change),
        line(
          whyNoRebase(change, change.live) === null
            ? 'If you still want the change, press Rebase on its card: it asks for the same edit to the token as it is now.'
            : rebaseInWords(change),
        ),
      ]
    case 'failed':
    case 'rejected':
    case 'expired':
      return [...askedAndApproved(change), line('You can ask again with another change.')]
    case 'applied':
    case 'cancelled':
      return askedAndApproved(change)
    default:
      return []
  }
}

/** Somebody else may have edited what is asked for. */
function whatIsListed({ amenders }: Change): string {
  return amenders.length === 0 ? 'You asked' : 'What was asked for'
}

/** From the direct message alone, the requester knows what it was about and who decided on it. */
function askedAndApproved(change: Change): Piece[] {
  const approvers = approvalsCounted(change).map(({ by }) => by)
  return [
    line({ strong: whatIsListed(change) }),
    ...changedFields(change),
    ...(approvers.length > 0 ? [line('Approved by ', ...people(approvers), '.')] : []),
    ...comments(change),
  ]
}

/** The requester gets the approvers' comments once the change has come to something. */
function comments(change: Change): Piece[] {
  return commented(change).flatMap(({ by, comment }) => [
    line({ person: by }, ' wrote when approving:'),
    quote(comment),
  ])
}

function commented(change: Change) {
  return change.status === 'pending' ? [] : change.approvals.filter(({ comment }) => comment.trim() !== '')
}

const commentsInText = 3
/** The least that the list of fields takes, when they are only counted. */
const fieldsRoom = 60

function textOf(change: Change, sentence: Words): string {
  const given = reasonOf(change)
  const aside = asideBecause(change) !== null
  const first = [inText(sentence), ...entered(change).map(inText), ...edited(change, brief.people).map(inText)].join(
    ' ',
  )
  const rest = [
    ...(aside ? [] : orphanedInWords(change, brief.people).map(inText)),
    ...(change.status === 'pending' && !aside && !isOrphaned(change) ? approvalsInWords(change).map(inText) : []),
    ...(given === null ? [] : [`Why: ${short(given)}.`]),
    ...cardlessInWords(change),
    ...(change.status === 'drifted' && !aside ? driftInText(change) : []),
    ...commented(change)
      .slice(0, commentsInText)
      .map(({ by, comment }) => `${inText([{ person: by }])} wrote: ${short(comment)}.`),
  ]
  const room = limits.fallback - first.length - rest.join(' ').length - fieldsRoom
  const said = [first, verdictInText(change, Math.min(500, room)), ...rest].join(' ')
  return `${said} It asked for: ${changedInText(change, limits.fallback - said.length - 20)}.`
}

function short(text: string): string {
  return escaped(shortLine(text, 100))
}

function reasonOf(change: Change): string | null {
  if (change.status === 'failed') return change.why
  if (change.status === 'rejected') return change.rejection
  if (change.status === 'cancelled') return change.cancellation ?? null
  if (change.status === 'applying') return unseenOf(change)?.why ?? null
  return change.status === 'approved' && change.interruption !== null ? change.interruption.why : null
}
