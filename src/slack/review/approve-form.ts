import type { InputBlock, ModalView } from '@slack/types'
import { z } from 'zod'
import { reasonAuthor } from '../../domain/change/askers.ts'
import { type Change, requestersOf } from '../../domain/change/change.ts'
import type { Spot } from '../../domain/change/pressed.ts'
import { distinct } from '../../domain/look-alikes.ts'
import { commentLimit, putBackInWords } from '../../words/decisions.ts'
import { changedFields, keptEntries, unknownTargets } from '../../words/fields.ts'
import { line, type Piece, quote, verbatim } from '../../words/pieces.ts'
import { approvalsInALine, brief, stillNeeded } from '../../words/requirement.ts'
import { oneLine, orBlank } from '../../words/text.ts'
import { verdict } from '../../words/verdict.ts'
import { endInWords, type Which } from '../../words/which-token.ts'
import type { Word } from '../../words/words.ts'
import { limits, plainText } from '../kit/blocks.ts'
import { actions, blocks, formValue, modals } from '../kit/ids.ts'
import { pack } from '../kit/layout.ts'

/** `noNearer`: true if an approval by whoever opens the form brings the change no nearer. */
type Asked = Which & { readonly confirm: boolean; readonly noNearer?: boolean; readonly opened?: Spot }

/**
 * An approval form that shows everything the approval is for, with a comment and, if the current rules say so
 * (`confirm`), the token's name to type. `opened`: the press that asked for it.
 */
export function approveForm(change: Change, { confirm, noNearer = false, opened = {}, ...which }: Asked): ModalView {
  return {
    type: 'modal',
    callback_id: modals.approveForm,
    private_metadata: formValue(change, opened),
    title: plainText('Approve the change', limits.viewTitle),
    submit: plainText('Approve', limits.viewTitle),
    close: plainText('Back', limits.viewTitle),
    blocks: [
      ...pack([...noNearerInWords(change, noNearer), ...whatIsApproved(change, which)], limits.viewBlocks - 2),
      ...(confirm ? [nameInput] : []),
      commentInput,
    ],
  }
}

/** The same as on the card, since the form opens from App Home too: everything that would be written, uncut. */
function whatIsApproved(change: Change, { stackTitle, uidEnd }: Which): Piece[][] {
  const author = reasonAuthor(change)
  const by: Word[] = author === null ? [] : [', given by ', { person: author }]
  return [
    [
      ...putBackInWords(change),
      line(...verdict(change)),
      line(
        `Once enough people have approved change #${change.id}, this is written to the token`,
        ...endInWords(uidEnd),
        ' on ',
        { said: stackTitle },
        ':',
      ),
      verbatim(typedName(change)),
    ],
    [line({ strong: 'Reason' }, ...by), quote(change.reason)],
    [line({ strong: 'What will be written' }), ...changedFields(change), ...unknownTargets(change)],
    keptEntries(change.after),
    [line({ strong: 'Approvals' }, ': ', ...approvalsInALine(change))],
  ]
}

/** Said first: whoever approves now may think that this decides it. */
function noNearerInWords(change: Change, noNearer: boolean): Piece[][] {
  if (!noNearer) return []
  return [
    [
      line(
        'On its own, your approval will not reduce what is still missing: people who could approve in your place already have. Still missing:',
      ),
      ...stillNeeded(change, ({ from }) => from.filter((id) => !requestersOf(change).includes(id)), brief).map(
        (words) => line(...words),
      ),
    ],
  ]
}

const nameInput: InputBlock = {
  type: 'input',
  block_id: blocks.tokenName,
  label: plainText('Type the name of the token'),
  hint: plainText('Exactly as above: an approval like this can give away access.'),
  element: { type: 'plain_text_input', action_id: actions.tokenName, max_length: limits.input },
}

const commentInput: InputBlock = {
  type: 'input',
  block_id: blocks.comment,
  optional: true,
  label: plainText('Comment'),
  hint: plainText('The requester is told, and it goes into the log.'),
  element: { type: 'plain_text_input', action_id: actions.comment, multiline: true, max_length: commentLimit },
}

const text = z.looseObject({ value: z.string().nullish() })
const approval = z.looseObject({
  [blocks.tokenName]: z.looseObject({ [actions.tokenName]: text }).optional(),
  [blocks.comment]: z.looseObject({ [actions.comment]: text }).optional(),
})

/**
 * The approver's text, from `view.state.values`; empty if there is none. `name` is null if the form did not ask for it.
 */
export function readApproval(values: unknown): { name: string | null; comment: string } {
  const read = approval.safeParse(values).data
  return {
    name: read?.[blocks.tokenName] ? (read[blocks.tokenName]?.[actions.tokenName]?.value ?? '') : null,
    comment: (read?.[blocks.comment]?.[actions.comment]?.value ?? '').trim(),
  }
}

/** Says what is wrong with the typed name, by the block that shows it; null if it is the token's. */
export function nameError(change: Change, typed: string): Record<string, string> | null {
  const plain = (name: string) => name.normalize('NFC').trim()
  const wanted = [change.before.name, oneLine(change.before.name), typedName(change)]
    .map(plain)
    .filter((name) => name !== '')
  if (wanted.includes(plain(typed))) return null
  return {
    [blocks.tokenName]:
      'This is not the name of the token, so nothing was approved. Type it exactly as it stands above; capitals count.',
  }
}

/**
 * The name in a form people can read and type: hidden characters are spelled out. If no input can hold the name, the
 * uid takes its place.
 */
function typedName({ before, tokenUid }: Change): string {
  const name = orBlank(oneLine(distinct(before.name)))
  return name.length <= limits.input ? name : tokenUid
}
