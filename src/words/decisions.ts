import { approvalsSoFar } from '../domain/change/approvals.ts'
import { isOrphaned } from '../domain/change/askers.ts'
import { asideBecause, type Change, hasEnded } from '../domain/change/change.ts'
import { visible } from '../domain/text.ts'
import { line, type Piece, quote } from './pieces.ts'
import { approvalsInLines } from './requirement.ts'
import { clip } from './text.ts'
import { people, type Word } from './words.ts'
import { wroteNothing } from './written.ts'

/** A card has to hold the comment of each approval beside everything that is asked for. */
export const commentLimit = 1000

/** Who approved, when, in which words, and whose approval no longer counts. */
export function decisions(change: Change): Piece[] {
  return [
    ...putBackInWords(change),
    ...change.approvals.flatMap((one) => approvalInLines(change, one)),
    ...voided(change),
  ]
}

/** The same where each approval is listed already: only what that does not say. */
function decisionsBesides(change: Change): Piece[] {
  const listed = new Set(approvalsSoFar(change).flatMap(({ progress }) => progress.flatMap(({ given }) => given)))
  return [
    ...putBackInWords(change),
    ...change.approvals.flatMap((one) => {
      if (!listed.has(one)) return approvalInLines(change, one)
      const said = commentIn(one)
      return said.length === 0 ? [] : [line({ person: one.by }, ' wrote when approving:'), ...said]
    }),
    ...voided(change),
  ]
}

function approvalInLines(change: Change, one: Change['approvals'][number]): Piece[] {
  return [
    line('Approved by ', { person: one.by }, ' ', { at: one.at }, ...lostInWords(change, one.by)),
    ...commentIn(one),
  ]
}

function commentIn({ comment }: Change['approvals'][number]): Piece[] {
  return comment.trim() === '' ? [] : [quote(clip(visible(comment), commentLimit))]
}

function voided(change: Change): Piece[] {
  const { voided: by } = change
  return by.length === 0 ? [] : [line(`${whyVoid(change)}, which no longer counts: `, ...people(by))]
}

/** An approver has to know this first; empty if no backup was restored since the change was proposed. */
export function putBackInWords(change: Change): Piece[] {
  const { putBackAt: at } = change
  return at === undefined || hasEnded(change)
    ? []
    : [line('A backup of the database was put back ', { at }, notKnownSince)]
}

const notKnownSince =
  '. What was decided on this change after that backup was made is no longer known: look at its messages and at the token before you approve it.'

function whyVoid({ putBackAt, revision }: Change): string {
  if (putBackAt === undefined) return 'Approved an earlier revision'
  const before = 'before a backup of the database was put back'
  return revision === 1 ? `Approved it ${before}` : `Approved an earlier revision, or ${before}`
}

function lostInWords({ lost }: Change, person: string): Word[] {
  const found = lost?.approvals.find(({ by }) => by === person)
  return found === undefined ? [] : [' (no longer counts: ', { said: found.why }, ')']
}

/** Who has decided on a change and who is still to, and until when. */
export function decisionSection(change: Change): Piece[] {
  if (!isDecidedOn(change)) return [...decisions(change), ...openUntil(change)]
  const looking: Piece[] = change.claimedBy === null ? [] : [line({ person: change.claimedBy }, ' is looking at it.')]
  return [...decisionsBesides(change), ...approvalsInLines(change), ...looking, ...openUntil(change)]
}

/** True for a change that waits for approvals. */
export function isDecidedOn(change: Change): boolean {
  return change.status === 'pending' && asideBecause(change) === null && !isOrphaned(change)
}

function openUntil(change: Change): Piece[] {
  if (hasEnded(change) || change.status === 'applying') return []
  const isUntouched = wroteNothing(change) && change.putBackAt === undefined
  const then = isUntouched ? '; then it expires, and nothing is written.' : '; then it expires.'
  return [line('Open until ', { at: change.expiresAt }, then)]
}
