import { inWords as entryInWords } from '../../../src/cli/change/log-words.ts'
import { inWords as statusInWords } from '../../../src/domain/change/status.ts'
import type { StoredChange } from '../../../src/ports/changes.ts'
import type { AuditEvent } from '../../../src/ports/log.ts'
import { changeCard } from '../../../src/slack/card/card.ts'
import { outcomeMessage } from '../../../src/slack/card/outcome.ts'
import { reminderMessage } from '../../../src/slack/card/reminder.ts'
import { approvalLostMessage, revisedMessage } from '../../../src/slack/card/void-approval.ts'
import { changeSections } from '../../../src/words/change.ts'
import { plainLines } from '../../../src/words/plain.ts'
import { reading } from '../../slack/kit/drawn.ts'

const around = { stackTitle: 'Website', others: [] }
const shown = { stackTitle: 'Website', cardLink: null }

/**
 * Everything that somebody may be told of a change in its current state: on its card, in direct messages, in lists, at
 * a terminal.
 */
export function textsOf(stored: StoredChange): string[] {
  const messages = [
    changeCard(stored, around),
    outcomeMessage(stored, shown),
    revisedMessage(stored, shown, stored.change.proposedAt),
    approvalLostMessage(stored, shown, 'guests may not'),
    reminderMessage(stored, { stackTitle: 'Website', called: { ids: [], inGroups: {} } }),
  ]
  return [
    ...messages.flatMap(({ text, blocks }) => [text, reading(blocks)]),
    plainLines(changeSections(stored.change, around).flat(), (id) => id).join('\n'),
    `#${stored.change.id} ${statusInWords(stored.change)}`,
  ]
}

/** An entry of the log, as `change show` lists it. */
export function entryOf({ event, changeId }: AuditEvent): string {
  return entryInWords(event, changeId)
}
