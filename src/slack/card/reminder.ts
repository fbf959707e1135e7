import { isOrphaned } from '../../domain/change/askers.ts'
import type { Change } from '../../domain/change/change.ts'
import type { StoredChange } from '../../ports/changes.ts'
import { line } from '../../words/pieces.ts'
import { brief, roomy } from '../../words/requirement.ts'
import { standing } from '../../words/standing.ts'
import { verdict } from '../../words/verdict.ts'
import { about, type Which } from '../../words/which-token.ts'
import { people, type Words } from '../../words/words.ts'
import { limits, type Message } from '../kit/blocks.ts'
import { verdictInText } from '../kit/in-text.ts'
import { pack } from '../kit/layout.ts'
import { inText } from '../kit/rich.ts'

/** `asked`: the people and user groups who can decide. */
type Around = Which & { readonly asked: readonly string[] }

/** Posted in a card's thread: mentions those who can decide, once each, and nobody else. */
export function reminderMessage({ change }: StoredChange, { asked, ...which }: Around): Message {
  const waits: Words = ['Change ', ...about(change, which), ' ', ...standing(change), '.']
  const until: Words = ['It expires ', { at: change.expiresAt }, '.']
  const toDo = toDoOf(change)
  const call = (most: number): Words =>
    asked.length > 0 ? [...people(asked, most), `: please ${toDo} it on the card.`] : [nobodyLeft]
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

function toDoOf(change: Change): string {
  if (!isOrphaned(change)) return 'approve or reject'
  return change.heirless ? 'reject or cancel' : 'take over or cancel'
}

const nobodyLeft =
  'Apart from those who have approved it, nobody can decide on it right now: ask whoever runs Countersign to look at its approvers.'
