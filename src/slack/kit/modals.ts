import type { KnownBlock, ModalView } from '@slack/types'
import { z } from 'zod'
import type { Change } from '../../domain/change/change.ts'
import { distinct } from '../../domain/look-alikes.ts'
import { type ShownLook, unseenLine } from '../home/home-health.ts'
import { notListed } from '../tokens/listing.ts'
import { type Near, nearBlocks, type Offers } from '../tokens/token-text.ts'
import { context, limits, plainText } from './blocks.ts'
import { actions, blocks, changeValue, modals, readTokenValue } from './ids.ts'
import { line, pack, quote } from './layout.ts'

type Spec = { callback: string; title: string; submit?: string; close: string; metadata?: string; blocks: KnownBlock[] }

function modal({ callback, title, submit, close, metadata, blocks }: Spec): ModalView {
  return {
    type: 'modal',
    callback_id: callback,
    title: plainText(title, limits.viewTitle),
    close: plainText(close, limits.viewTitle),
    ...(submit !== undefined && { submit: plainText(submit, limits.viewTitle) }),
    ...(metadata !== undefined && { private_metadata: metadata }),
    blocks,
  }
}

/** Opened at once, while the token is being looked at, or looked for: `why` where that takes longer. */
export function loadingView(offers: Offers = 'edit', why: string | null = null): ModalView {
  return modal({
    callback: modals.loading,
    title: offers === 'edit' ? 'Edit token' : 'Show token',
    close: 'Close',
    blocks: [context(why ?? 'Looking at the token in Contentstack. It opens here in a moment.')],
  })
}

const pickers = {
  edit: { callback: modals.pickForm, title: 'Edit a token', submit: 'Open the form' },
  show: { callback: modals.pickPage, title: 'Show a token', submit: 'Open its page' },
} as const

/** Choose a token, for its form or for its page; what it offers is answered by `tokenOptions`. Says of which stacks that is out of date, or nothing. */
export function pickerView(offers: Offers = 'edit', looks: readonly ShownLook[] = []): ModalView {
  const unlisted = looks.filter((look) => look.unlisted).map(({ stackTitle }) => stackTitle)
  const unseen = looks.filter((look) => look.failed && !look.unlisted)
  const then = 'so they are not found here. Type again in a minute; if it stays so, App Home says why.'
  return modal({
    ...pickers[offers],
    close: 'Close',
    blocks: [
      {
        type: 'input',
        block_id: blocks.pick,
        label: plainText('Token'),
        element: {
          type: 'external_select',
          action_id: actions.pickToken,
          min_query_length: 0,
          placeholder: plainText('Type part of its name'),
        },
      },
      ...pack([unseen.map(unseenLine)], 1),
      ...(unlisted.length > 0 ? [context(`${notListed(unlisted)}, ${then}`)] : []),
    ],
  })
}

const picked = z.looseObject({
  [blocks.pick]: z.looseObject({
    [actions.pickToken]: z.looseObject({ selected_option: z.looseObject({ value: z.string() }) }),
  }),
})

/** The token chosen in the picker, from `view.state.values`. Throws a Refusal when none was. */
export function readPick(values: unknown): { stack: string; uid: string } {
  const read = picked.safeParse(values)
  return readTokenValue(read.success ? read.data[blocks.pick]?.[actions.pickToken]?.selected_option.value : undefined)
}

/** A name that fits no token or several, with a button for each that it may mean. */
export function nearMatchesView(near: Near): ModalView {
  return modal({ callback: modals.nearMatches, title: 'Which token?', close: 'Close', blocks: nearBlocks(near) })
}

/** What became of the token that was asked for, which has nothing to edit. */
export function goneView(blocks: KnownBlock[]): ModalView {
  return modal({ callback: modals.nearMatches, title: 'This token is gone', close: 'Close', blocks })
}

/** Why a change is rejected. `private_metadata` is what the button carried: the change and its revision. */
export function rejectForm(change: Change): ModalView {
  return modal({
    callback: modals.rejectForm,
    title: 'Reject the change',
    submit: 'Reject',
    close: 'Back',
    metadata: changeValue(change),
    blocks: [
      ...pack(
        [
          [
            line(
              `Change #${change.id} to token `,
              { said: distinct(change.before.name) },
              ' will end here, and will not be applied.',
            ),
          ],
        ],
        1,
      ),
      {
        type: 'input',
        block_id: blocks.rejection,
        label: plainText('Reason'),
        hint: plainText('The requester is told, and the log keeps it.'),
        element: { type: 'plain_text_input', action_id: actions.rejection, multiline: true, max_length: limits.input },
      },
    ],
  })
}

const rejected = z.looseObject({
  [blocks.rejection]: z.looseObject({ [actions.rejection]: z.looseObject({ value: z.string().nullish() }) }),
})

/** The reason given in the reject form, from `view.state.values`; empty when there is none. */
export function readRejection(values: unknown): string {
  const read = rejected.safeParse(values)
  return (read.success && read.data[blocks.rejection]?.[actions.rejection]?.value) || ''
}

/** The answer to a quick command that led to nothing, where a modal was open by then. */
export function quickAnswerView(blocks: KnownBlock[]): ModalView {
  return modal({ callback: modals.quickAnswer, title: 'What you typed', close: 'Close', blocks })
}

/** A "no" in a modal, over what was asked for or in its place. `what` happened, what it means and what to do is all in it. */
export function refusalView(what: string, title = 'This was refused', back: string | null = null): ModalView {
  return modal({
    callback: modals.refusal,
    title,
    close: 'Back',
    blocks: [...pack([quote(what)], limits.viewBlocks - 1), ...(back === null ? [] : [context(back)])],
  })
}
