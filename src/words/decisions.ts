import { approvalsSoFar } from '../domain/change/approvals.ts'
import { isOrphaned } from '../domain/change/askers.ts'
import { asideBecause, type Change, hasEnded } from '../domain/change/change.ts'
import { lookingAt } from '../domain/change/looking.ts'
import type { Looking } from '../domain/change/parts.ts'
import { visible } from '../domain/text.ts'
import { line, type Piece, quote } from './pieces.ts'
import { approvalsInLines } from './requirement.ts'
import { clip } from './text.ts'
import { people, type Word, type Words } from './words.ts'
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
  const looking = lookingInWords(lookingAt(change), 'it').map((words) => line(...words))
  return [...decisionsBesides(change), ...approvalsInLines(change), ...looking, ...openUntil(change)]
}

/** `@bob has been looking at it since 10:21, and @carol since 10:25.` Empty if nobody is. */
export function lookingInWords(looking: readonly Looking[], what: string): Words[] {
  if (looking.length === 0) return []
  const [first, ...more] = looking.slice(0, mostLooking)
  const since = ({ by, at }: Looking): Words => [{ person: by }, ...(at === undefined ? [] : [' since ', { at }])]
  const said: Words =
    first!.at === undefined
      ? [{ person: first!.by }, ` is looking at ${what}`]
      : [{ person: first!.by }, ` has been looking at ${what} since `, { at: first!.at }]
  const hidden = looking.length - mostLooking
  const rest = more.flatMap((one): Words => [', and ', ...since(one)])
  return [[...said, ...rest, ...(hidden > 0 ? [` and ${hidden} more`] : []), '.']]
}

const mostLooking = 5

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
