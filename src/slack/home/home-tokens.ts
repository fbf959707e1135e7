import type { Button, KnownBlock } from '@slack/types'
import { distinct } from '../../domain/look-alikes.ts'
import { diff } from '../../domain/token/diff.ts'
import type { OutsideEdit } from '../../ports/past.ts'
import { line, type Piece } from '../../words/pieces.ts'
import { clip, count, oneLine } from '../../words/text.ts'
import { outsideEdit, verdict } from '../../words/verdict.ts'
import { button, plainText } from '../kit/blocks.ts'
import { homeLine, mostSaid } from '../kit/home-line.ts'
import { actions, tokenValue } from '../kit/ids.ts'
import { pack } from '../kit/layout.ts'
import { apartFrom, type TitledToken } from '../kit/options.ts'
import { expiryInShort } from '../tokens/token-text.ts'

/** Tokens about to expire, each with its day in UTC, and the way to its form and to its page. */
export function expiringTokens(tokens: readonly TitledToken[]): KnownBlock[] {
  const apart = apartFrom(tokens)
  return tokens.flatMap(({ token, stackTitle }): KnownBlock[] => {
    const { name } = token.settings
    const told = [distinct(name), stackTitle, apart(token), expiryInShort(token.settings)]
    const words = told.filter((text) => text !== '').map((text) => clip(oneLine(text), mostSaid))
    return [
      { type: 'section', text: plainText(words.join(' · ')) },
      { type: 'actions', elements: [editButton(token, name), showButton(token, name)] },
    ]
  })
}

export type ListedEdit = { readonly edit: OutsideEdit; readonly stackTitle: string }

/** Enough to see the kind of edit: the token's page shows all of it. */
const most = { fields: 5, names: 3 }

/** Edits made elsewhere: what they mean, what differs, and who made them. */
export function editsToLookAt(edits: readonly ListedEdit[]): KnownBlock[] {
  return edits.flatMap(({ edit, stackTitle }): KnownBlock[] => {
    const { stack, tokenUid: uid, after } = edit.fact
    return [
      ...pack(
        [[...whoEdited(edit, stackTitle), homeLine(...verdict(outsideEdit(edit), most.names)), ...whatDiffers(edit)]],
        1,
      ),
      {
        type: 'actions',
        elements: [
          lookedAtButton(edit),
          editButton({ stack, uid }, after.name),
          showButton({ stack, uid }, after.name),
        ],
      },
    ]
  })
}

function whoEdited({ at, fact: { after, by, editedAt } }: OutsideEdit, stackTitle: string): Piece[] {
  return [
    homeLine(
      { said: distinct(after.name) },
      ' on ',
      { said: stackTitle },
      ', edited ',
      ...(editedAt === null ? [] : [{ at: editedAt }, ' ']),
      ...(by === null ? ['by somebody the stack does not name'] : ['by ', { said: by }, ' (Contentstack user)']),
      ', found ',
      { at },
      '.',
    ),
  ]
}

function whatDiffers({ fact: { before, after } }: OutsideEdit): Piece[] {
  const fields = diff(before, after)
  const shown = fields.slice(0, most.fields)
  const more = fields.length - shown.length
  return [
    ...shown.map(({ label, before, after }) =>
      homeLine({ strong: label }, ': ', { said: before }, ' → ', { said: after }),
    ),
    ...(more > 0 ? [line(`and ${count(more, 'more field')}`)] : []),
  ]
}

function lookedAtButton({ seq, fact }: OutsideEdit): Button {
  const label = `Looked at: edit of ${oneLine(fact.after.name)}`
  return button({ text: 'Looked at', action: actions.lookedAt, value: String(seq), label })
}

/** Leads to the token's page, where the edit can also be reverted. */
function showButton(token: { stack: string; uid: string }, name: string): Button {
  return button({
    text: 'Show',
    action: actions.showToken,
    value: tokenValue(token),
    label: `Show ${oneLine(name)}`,
  })
}

function editButton(token: { stack: string; uid: string }, name: string): Button {
  return button({
    text: 'Edit',
    action: actions.editThisToken,
    value: tokenValue(token),
    label: `Edit ${oneLine(name)}`,
  })
}
