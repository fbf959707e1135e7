import { firstRequester } from '../domain/change/askers.ts'
import { asideBecause, type Change, hasEnded } from '../domain/change/change.ts'
import { rebasedOver } from '../domain/change/status.ts'
import type { FieldChange } from '../domain/token/diff.ts'
import { collisions, isMerged, whyNoRebase } from '../domain/token/rebase.ts'
import { decisionSection } from './decisions.ts'
import { changedFields, driftedFields, keptEntries, unknownTargets } from './fields.ts'
import { headline } from './headline.ts'
import { namesakesInWords } from './namesakes.ts'
import { line, type Piece, quote } from './pieces.ts'
import { revertInWords } from './reverts.ts'
import { cardlessInWords, type OtherChange, othersInWords, standing, why } from './standing.ts'
import { verdictBelow } from './verdict-below.ts'
import { tokenFields, type Which } from './which-token.ts'
import { givenBy, people, type Words } from './words.ts'
import { wasWrittenAsAsked } from './written.ts'

/** `others`: other open changes to the same token; `namesakes`: see `namesakesOf`. */
export type Around = Which & {
  readonly others: readonly OtherChange[]
  readonly namesakes?: readonly string[]
}

/** Everything there is to say about a change, in parts. */
export function changeSections(change: Change, { others, namesakes = [], ...which }: Around): Piece[][] {
  return [
    [
      line(...headline(change, which.uidEnd), ` · #${change.id}`),
      ...below(verdictBelow(change)),
      line({ strong: 'This change' }, ' ', ...standing(change, others), '.'),
      ...why(change),
      ...noCard(change),
    ],
    [
      ...tokenFields(change.before.name, which),
      ...whoAsked(change),
      ...revertInWords(change.reverts),
      ...(hasEnded(change) ? [] : othersInWords(others, change.status !== 'drifted')),
      ...(hasEnded(change) ? [] : namesakesInWords(change.after.name, namesakes)),
    ],
    [line({ strong: 'Reason' }, ...givenBy(change)), quote(change.reason)],
    [line({ strong: whatIsListed(change) }), ...changedFields(change), ...unknownTargets(change)],
    keptEntries(change.after),
    drift(change),
    decisionSection(change),
  ]
}

/** Empty if the headline has said it all. */
function below(verdict: Words): Piece[] {
  return verdict.length === 0 ? [] : [line(...verdict)]
}

/** Said only where a change is shown outside its card. */
function noCard(change: Change): Piece[] {
  return cardlessInWords(change).map((words) => line(words))
}

function whoAsked(change: Change): Piece[] {
  const { id, enteredBy, proposedAt, revision, amenders, rebased, takenOver = [] } = change
  const editors = amenders.filter((person) => takenOver.every(({ by }) => by !== person))
  const revised = revision > 1 ? ` (revision ${revision})` : ''
  return [
    line('Asked for by ', { person: firstRequester(change) }, ' ', { at: proposedAt }, revised),
    ...(enteredBy === undefined ? [] : [line('Entered for them at a terminal by ', { person: enteredBy })]),
    ...takenOver.map(({ by, at, from }) =>
      line(
        'Taken over from ',
        ...people(from),
        ' by ',
        { person: by },
        ' ',
        { at },
        ', who can no longer decide on it',
      ),
    ),
    ...(editors.length > 0 ? [line('Edited by ', ...people(editors), ', who can no longer decide on it')] : []),
    ...(rebased
      ? [line('Rebased by ', { person: rebased.by }, ' ', { at: rebased.at }, ` ${rebasedOver(rebased, id)}`)]
      : []),
  ]
}

function whatIsListed(change: Change): string {
  const { status } = change
  if (asideBecause(change) !== null) return 'What was asked for'
  if (wasWrittenAsAsked(change)) return 'What was written'
  return status === 'pending' || status === 'approved' || status === 'applying'
    ? 'What will be written'
    : 'What was asked for'
}

function drift(change: Change): Piece[] {
  if (change.status !== 'drifted' || asideBecause(change) !== null) return []
  return [...changedMeanwhile(change), line(rebaseInWords(change))]
}

/** The fields in which the token is no longer as it was when the change was asked for. */
export function changedMeanwhile(change: Extract<Change, { status: 'drifted' }>): Piece[] {
  return [line({ strong: 'Changed meanwhile' }), ...driftedFields(change), ...collided(change)]
}

export function rebaseInWords(change: Extract<Change, { status: 'drifted' }>): string {
  const stays = whyNoRebase(change, change.live)
  return stays === null
    ? 'Rebase asks for the same edit to the token as it is now, and needs new approvals. Cancel ends this change.'
    : `This change can't be rebased for now: ${stays} Cancel ends it.`
}

/** Fields that somebody else has changed since, and what a rebase does with them. */
export function collided(change: Extract<Change, { status: 'drifted' }>): Piece[] {
  const fields = collisions(change, change.live)
  if (fields.length === 0) return []
  const labels = fields.map(({ label }) => label).join(', ')
  const does = whyNoRebase(change, change.live) === null ? ` ${whatRebaseDoes(fields)}` : ''
  return [line({ strong: 'Changed by both' }, `: ${labels}.${does}`)]
}

function whatRebaseDoes(fields: readonly FieldChange[]): string {
  if (!fields.some(isMerged)) return 'A rebase keeps what this change asks for there.'
  const merges = 'it adds and removes the same branches and aliases, and leaves the others.'
  return fields.every(isMerged)
    ? `A rebase keeps the edit there: ${merges}`
    : `A rebase keeps what this change asks for there; ${merges}`
}
