import type { StoredChange } from '../../ports.ts'
import { limits, type Message } from './blocks.ts'
import { line, pack } from './layout.ts'
import { linkTo, type Shown } from './outcome.ts'
import { brief, roomy, stillAsked } from './requirement.ts'
import { standing } from './status.ts'
import { verdict, verdictInText } from './verdict.ts'
import { inText, people, type Words } from './words.ts'

/** In the thread of a card: those who can decide are mentioned, each once, and nobody else. */
export function reminderMessage({ change }: StoredChange, stackTitle: string): Message {
  const waits: Words = ['Change ', ...about(change.id, change.before.name, stackTitle), ' ', ...standing(change), '.']
  const until: Words = ['It expires ', { at: change.expiresAt }, '.']
  const asked = stillAsked(change)
  const call = (most: number): Words =>
    asked.length > 0 ? [...people(asked, most), ': please approve or reject it on the card.'] : []
  return {
    text: [inText(waits), verdictInText(change, 1000), inText(call(brief.people)), inText(until)]
      .filter(Boolean)
      .join(' '),
    blocks: pack(
      [[line(...call(roomy.people)), line(...waits), line(...verdict(change)), line(...until)]],
      limits.messageBlocks,
    ),
  }
}

/** To somebody who approved what a change is no longer: nothing that they agreed to is taken for the new content. */
export function approvalVoidMessage({ change }: StoredChange, { stackTitle, cardLink }: Shown): Message {
  const said: Words = [
    'Your approval of change ',
    ...about(change.id, change.before.name, stackTitle),
    ` counts no more: the change has been edited since, and is revision ${change.revision} now. Look at it again. It `,
    ...standing(change),
    '.',
  ]
  return {
    text: [inText(said), verdictInText(change, 1000)].join(' '),
    blocks: pack([[line(...said), line(...verdict(change)), ...linkTo(cardLink)]], limits.messageBlocks),
  }
}

function about(id: number, name: string, stackTitle: string): Words {
  return [`#${id} to token `, { said: name }, ' on ', { said: stackTitle }]
}
