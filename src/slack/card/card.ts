import type { StoredChange } from '../../ports/changes.ts'
import { type Around, changeSections } from '../../words/change.ts'
import { limits, type Message } from '../kit/blocks.ts'
import { pack } from '../kit/layout.ts'
import { cardButtons } from './card-buttons.ts'
import { cardText } from './card-text.ts'

/**
 * The full card of a change at any point of its life: draws both the first post and every update, from stored state
 * only. Everything that would be written is on it, uncut. It fits Slack's 50 blocks whatever the texts are.
 */
export function changeCard({ change }: StoredChange, around: Around): Message {
  const buttons = cardButtons(change)
  const room = limits.messageBlocks - buttons.length
  return {
    text: cardText(change, around),
    blocks: [...pack(changeSections(change, around), room), ...buttons],
  }
}
