import { firstRequester } from '../../domain/change/askers.ts'
import type { Change } from '../../domain/change/change.ts'
import { diff, type FieldChange } from '../../domain/token/diff.ts'
import type { Settings } from '../../domain/token/token.ts'
import type { OutsideEdit, PastEntry } from '../../ports/past.ts'
import { decisions } from '../../words/decisions.ts'
import { changedFields } from '../../words/fields.ts'
import { line, type Piece, quote } from '../../words/pieces.ts'
import { standing, why } from '../../words/standing.ts'
import { clip, count, oneLine } from '../../words/text.ts'
import { outsideEdit, verdict } from '../../words/verdict.ts'
import { givenBy, people, type Word, type Words } from '../../words/words.ts'
import { differences, keeper, wasWrittenAsAsked } from '../../words/written.ts'

type Pair = { readonly before: Settings; readonly after: Settings }

/** An entry of a token's past, and its card's permalink if it has a card. */
export type PastShown = { readonly entry: PastEntry; readonly link: string | null }

/** Who asked for a change and why, who decided, and what it was about; or what somebody did elsewhere. */
export function pastInFull({ entry, link }: PastShown): Piece[] {
  if (entry.kind === 'edit')
    return [line(...edited(entry.edit)), line(...verdict(outsideEdit(entry.edit))), ...changedFields(entry.edit.fact)]
  const { change } = entry.stored
  return [
    line(...ended(change, link)),
    line(...askedFor(change)),
    quote(change.reason),
    ...decisions(change),
    ...why(change),
    line({ strong: whatIsListed(change) }),
    ...changedFields(change),
  ]
}

/** The same with the values cut, for an entry that would not fit. */
export function pastInBrief({ entry, link }: PastShown): Piece[] {
  if (entry.kind === 'edit') return [line(...edited(entry.edit)), ...briefFields(entry.edit.fact)]
  const { change } = entry.stored
  const approvers = people(change.approvals.map(({ by }) => by))
  return [
    line(...ended(change, link)),
    line(...askedFor(change), { said: change.reason }),
    ...(approvers.length > 0 ? [line('Approved by ', ...approvers, '.')] : []),
    ...briefFields(change),
    ...keptInBrief(change),
  ]
}

/** In one line, for people who see no blocks. */
export function pastInText({ entry, link }: PastShown): Words {
  return entry.kind === 'edit' ? edited(entry.edit) : ended(entry.stored.change, link)
}

function ended(change: Change, link: string | null): Words {
  return [
    { strong: `#${change.id}` },
    ' ',
    ...standing(change),
    '. ',
    ...(link === null ? [] : [{ link, name: 'Open the card' }]),
  ]
}

function askedFor(change: Change): Words {
  const { proposedAt, amenders, takenOver = [] } = change
  const taken = takenOver.flatMap(({ by }): Word[] => [', taken over by ', { person: by }])
  const edited: Word[] = amenders.length > 0 ? [', edited by ', ...people(amenders)] : []
  const author = givenBy(change)
  const reason: Word[] = author.length > 0 ? ['. Reason', ...author] : []
  return [
    'Asked for by ',
    { person: firstRequester(change) },
    ' ',
    { at: proposedAt },
    ...taken,
    ...edited,
    ...reason,
    ': ',
  ]
}

function whatIsListed(change: Change): string {
  return wasWrittenAsAsked(change) ? 'What was written' : 'What was asked for'
}

/** Names who did it, as far as the stack says. */
function edited({ at, fact: { by, editedAt } }: OutsideEdit): Words {
  return [
    { strong: 'Edited elsewhere' },
    ...(editedAt === null ? [] : [' ', { at: editedAt }]),
    ...(by === null ? [' by somebody the stack does not name'] : [' by ', { said: by }, ' (Contentstack user)']),
    ', found ',
    { at },
    '.',
  ]
}

/** Only if that is not what was asked for. */
function keptInBrief(change: Change): Piece[] {
  if (change.status !== 'applied') return []
  const { made } = differences(change)
  if (made.length === 0) return []
  const instead = ({ label, before, after }: FieldChange) =>
    line({ strong: label }, ': ', cut(after), ' instead of ', cut(before))
  return [line(`What ${keeper(change)}:`), ...listedInBrief(made, instead)]
}

/**
 * For an entry that has to be short: how many fields, and how many characters of a value, which ends with "…" if it is
 * cut.
 */
const briefly = { fields: 8, value: 80 }

function briefFields({ before, after }: Pair): Piece[] {
  return listedInBrief(diff(before, after), ({ label, before, after }) =>
    line({ strong: label }, ': ', cut(before), ' → ', cut(after)),
  )
}

function listedInBrief(fields: readonly FieldChange[], draw: (field: FieldChange) => Piece): Piece[] {
  const more = fields.length - briefly.fields
  return [...fields.slice(0, briefly.fields).map(draw), ...(more > 0 ? [line(`and ${count(more, 'more field')}`)] : [])]
}

function cut(value: string): Word {
  return { said: clip(oneLine(value), briefly.value) }
}
