import type { HomeView, KnownBlock } from '@slack/types'
import { diff } from '../../domain/diff.ts'
import type { StoredChange } from '../../ports.ts'
import { button, header } from './blocks.ts'
import { actions } from './ids.ts'
import { line, pack, quote } from './layout.ts'
import { standing } from './status.ts'
import type { Words } from './words.ts'

/** A change with what its line needs: its stack's title, and its card's permalink when there is one. */
export type ListedChange = {
  readonly stored: StoredChange
  readonly stackTitle: string
  readonly link: string | null
}

/** `mine`: open changes this person asked for; `toDecide`: open changes this person may decide. */
type Shown = { readonly mine: readonly ListedChange[]; readonly toDecide: readonly ListedChange[] }

/** More lines than this are counted, not shown. */
const most = 20
const blocksPerList = 40

export function homeView({ mine, toDecide }: Shown): HomeView {
  return {
    type: 'home',
    blocks: [
      ...pack(
        [
          [
            line('Ask here for an edit to a Contentstack management token. Approvers decide in the channel.'),
            line('Countersign writes exactly what they approved. The secret value is never shown or changed.'),
          ],
        ],
        1,
      ),
      { type: 'actions', elements: [button({ text: 'Edit a token', action: actions.editAToken, style: 'primary' })] },
      ...list('Changes waiting for you', toDecide, 'Nothing is waiting for you.'),
      ...list('Your open changes', mine, 'You have no open changes.'),
    ],
  }
}

/** For somebody who may do nothing here, with the reason. */
export function closedHome(why: string): HomeView {
  return { type: 'home', blocks: pack([quote(why)], blocksPerList) }
}

function list(title: string, changes: readonly ListedChange[], none: string): KnownBlock[] {
  const pieces = changes.slice(0, most).map((change) => line(...changeWords(change)))
  const more = changes.length > most ? [line(`and ${changes.length - most} more`)] : []
  return [header(title), ...pack([pieces.length > 0 ? [...pieces, ...more] : [line(none)]], blocksPerList)]
}

/** `#42 ci-deploy on Website: Name, Expires. It is waiting for 1 approval. Open the card` */
export function changeWords({ stored: { change }, stackTitle, link }: ListedChange): Words {
  const fields = diff(change.before, change.after).map((field) => field.label)
  return [
    { strong: `#${change.id}` },
    ' ',
    { said: change.before.name },
    ' on ',
    { said: stackTitle },
    `: ${fields.join(', ')}. It `,
    ...standing(change),
    '. ',
    link === null ? '' : { link, name: 'Open the card' },
  ]
}
