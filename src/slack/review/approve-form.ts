import type { InputBlock, ModalView } from '@slack/types'
import { z } from 'zod'
import { reasonAuthor } from '../../domain/change/askers.ts'
import type { Change } from '../../domain/change/change.ts'
import { distinct } from '../../domain/look-alikes.ts'
import { changedFields, keptEntries, unknownTargets } from '../../words/fields.ts'
import { line, type Piece, quote, verbatim } from '../../words/pieces.ts'
import { commentLimit, putBackInWords } from '../../words/standing.ts'
import { oneLine, orBlank } from '../../words/text.ts'
import { verdict } from '../../words/verdict.ts'
import type { Word } from '../../words/words.ts'
import { limits, plainText } from '../kit/blocks.ts'
import { actions, blocks, changeValue, modals } from '../kit/ids.ts'
import { pack } from '../kit/layout.ts'

/**
 * An approval that shows the approver all that it is for, with a comment and, where the current rules say so
 * (`confirm`), with the token's name typed. `private_metadata` is what the button carried: the change and its revision.
 */
export function approveForm(change: Change, confirm: boolean): ModalView {
  return {
    type: 'modal',
    callback_id: modals.approveForm,
    private_metadata: changeValue(change),
    title: plainText('Approve the change', limits.viewTitle),
    submit: plainText('Approve', limits.viewTitle),
    close: plainText('Back', limits.viewTitle),
    blocks: [...pack(whatIsApproved(change), limits.viewBlocks - 2), ...(confirm ? [nameInput] : []), commentInput],
  }
}

/** As on the card, since the form opens from App Home as well: all that would be written, uncut. */
function whatIsApproved(change: Change): Piece[][] {
  const author = reasonAuthor(change)
  const by: Word[] = author === null ? [] : [', given by ', { person: author }]
  return [
    [
      ...putBackInWords(change),
      line(...verdict(change)),
      line(`Once enough people have approved change #${change.id}, this is written to the token:`),
      verbatim(typedName(change)),
    ],
    [line({ strong: 'Reason' }, ...by), quote(change.reason)],
    [line({ strong: 'What will be written' }), ...changedFields(change), ...unknownTargets(change)],
    keptEntries(change.after),
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
  hint: plainText('The requester is told, and the log keeps it.'),
  element: { type: 'plain_text_input', action_id: actions.comment, multiline: true, max_length: commentLimit },
}

const text = z.looseObject({ value: z.string().nullish() })
const approval = z.looseObject({
  [blocks.tokenName]: z.looseObject({ [actions.tokenName]: text }).optional(),
  [blocks.comment]: z.looseObject({ [actions.comment]: text }).optional(),
})

/** What the approver typed, from `view.state.values`; empty when nothing was. `name` is null where the form did not ask for it. */
export function readApproval(values: unknown): { name: string | null; comment: string } {
  const read = approval.safeParse(values).data
  return {
    name: read?.[blocks.tokenName] ? (read[blocks.tokenName]?.[actions.tokenName]?.value ?? '') : null,
    comment: (read?.[blocks.comment]?.[actions.comment]?.value ?? '').trim(),
  }
}

/** What is wrong with the name that was typed, by the block to show it at; null when it is the token's. */
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

/** As it can be read and typed: hidden characters are spelled out. A name that no input can hold gives way to the uid. */
function typedName({ before, tokenUid }: Change): string {
  const name = orBlank(oneLine(distinct(before.name)))
  return name.length <= limits.input ? name : tokenUid
}
