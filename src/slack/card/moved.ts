import type { StoredChange } from '../../ports/changes.ts'
import { line } from '../../words/pieces.ts'
import { about, type Which } from '../../words/which-token.ts'
import type { Words } from '../../words/words.ts'
import { limits, type Message } from '../kit/blocks.ts'
import { pack } from '../kit/layout.ts'
import { inText } from '../kit/rich.ts'
import { linkTo } from './outcome.ts'

type Around = Which & { readonly cardLink: string | null }

/** Replaces a card once its change has a card in another channel: nothing is decided here any more. */
export function movedMessage({ change }: StoredChange, { cardLink, ...which }: Around): Message {
  const said: Words = ['The card of change ', ...about(change, which), ' is now in another channel.']
  return { text: inText(said), blocks: pack([[line(...said), ...linkTo(cardLink)]], limits.messageBlocks) }
}

/** Replaces a card whose change is not in the database, for example after a backup was restored. */
export function unknownMessage(id: number): Message {
  const said = `Change #${id} is no longer known here, perhaps because a backup of the database was put back. What this card showed can't be decided on. Ask for it again if it is still wanted.`
  return { text: said, blocks: pack([[line(said)]], limits.messageBlocks) }
}
