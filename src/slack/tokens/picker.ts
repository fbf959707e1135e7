import type { InputBlock, KnownBlock, ModalView } from '@slack/types'
import { z } from 'zod'
import { line } from '../../words/pieces.ts'
import { context, plainText } from '../kit/blocks.ts'
import { actions, blocks, modals, readTokenValue } from '../kit/ids.ts'
import { pack } from '../kit/layout.ts'
import { modal } from '../kit/modal.ts'
import { notListed } from './listing.ts'
import { type Near, nearBlocks } from './near.ts'
import { type ShownLook, unseenLine } from './shown-looks.ts'
import { type Waiting, waitingValue, waitingWords } from './waiting.ts'
import type { Offers } from './ways-to.ts'

/** Opened at once, while the token is looked at or looked for; `why` says why that takes longer. */
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

/**
 * Lets people choose a token, for its form or its page; `tokenOptions` gives the options. Says which stacks' options
 * are out of date, or nothing.
 */
export function pickerView(
  offers: Offers = 'edit',
  looks: readonly ShownLook[] = [],
  waiting: Waiting | null = null,
): ModalView {
  const unlisted = looks.filter((look) => look.unlisted).map(({ stackTitle }) => stackTitle)
  const unseen = looks.filter((look) => look.failed && !look.unlisted)
  const then = 'so they are not found here. Type again in a minute. If that does not help, App Home says why.'
  const blocks = [
    anyToken('Token'),
    ...pack([unseen.map(unseenLine)], 1),
    ...(unlisted.length > 0 ? [context(`${notListed(unlisted)}, ${then}`)] : []),
  ]
  return picker(offers, blocks, waiting)
}

/** The same for a name that fits no token or several, which it says, with a button for each token that it may mean. */
export function nearPickerView(near: Near): ModalView {
  const blocks = [...nearBlocks(near), anyToken(near.tokens.length > 0 ? 'Or another token' : 'Choose a token')]
  return picker(near.offers ?? 'edit', blocks, near.onward?.waiting ?? null)
}

/** With a line that waits for its token, the choice goes on with that. */
function picker(offers: Offers, blocks: KnownBlock[], waiting: Waiting | null): ModalView {
  if (waiting === null) return modal({ ...pickers[offers], close: 'Close', blocks })
  const then = pack([[line('Then: ', { said: waitingWords(waiting) })]], 1)
  const metadata = waitingValue(waiting)
  return modal({ ...forLine, close: 'Close', metadata, blocks: [...then, ...blocks] })
}

const forLine = { callback: modals.pickForLine, title: 'Choose a token', submit: 'Go on' } as const

function anyToken(label: string): InputBlock {
  return {
    type: 'input',
    block_id: blocks.pick,
    label: plainText(label),
    element: {
      type: 'external_select',
      action_id: actions.pickToken,
      min_query_length: 0,
      placeholder: plainText('Type part of its name'),
    },
  }
}

const picked = z.looseObject({
  [blocks.pick]: z.looseObject({
    [actions.pickToken]: z.looseObject({ selected_option: z.looseObject({ value: z.string() }) }),
  }),
})

/** The token chosen in the picker, from `view.state.values`. Throws a Refusal if none was. */
export function readPick(values: unknown): { stack: string; uid: string } {
  const read = picked.safeParse(values)
  return readTokenValue(read.success ? read.data[blocks.pick]?.[actions.pickToken]?.selected_option.value : undefined)
}

/** Says that the requested token is gone, so that there is nothing to edit. */
export function goneView(blocks: KnownBlock[]): ModalView {
  return modal({ callback: modals.nearMatches, title: 'This token is gone', close: 'Close', blocks })
}
