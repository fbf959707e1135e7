import { isHeirless, isOrphaned } from '../../domain/change/askers.ts'
import type { Change } from '../../domain/change/change.ts'
import { rulesShown } from '../../domain/change/named.ts'
import type { Party } from '../../domain/policy/policy.ts'
import type { StoredChange } from '../../ports/changes.ts'
import type { Called } from '../../ports/chat.ts'
import { line } from '../../words/pieces.ts'
import { brief, type Room, roomy, stillNeeded } from '../../words/requirement.ts'
import { standing } from '../../words/standing.ts'
import { verdict } from '../../words/verdict.ts'
import { about, type Which } from '../../words/which-token.ts'
import { people, type Words } from '../../words/words.ts'
import { limits, type Message } from '../kit/blocks.ts'
import { verdictInText } from '../kit/in-text.ts'
import { pack } from '../kit/layout.ts'
import { inText } from '../kit/rich.ts'

type Around = Which & { readonly called: Called }

/**
 * Posted in a card's thread: mentions those who can decide, and nobody else. Under a rule of several parties, they are
 * called party by party, and only those that are still needed.
 */
export function reminderMessage({ change }: StoredChange, { called, ...which }: Around): Message {
  const waits: Words = ['Change ', ...about(change, which), ' ', ...standing(change), '.']
  const until: Words = ['It expires ', { at: change.expiresAt }, '.']
  const [first, ...parties] = call(change, called, roomy)
  const shortCall = call(change, called, brief).map(inText).join(' ')
  return {
    text: [inText(waits), verdictInText(change, 1000), shortCall, inText(until)].filter(Boolean).join(' '),
    blocks: pack(
      [[first!, ...parties, waits, verdict(change), until].map((words) => line(...words))],
      limits.messageBlocks,
    ),
  }
}

/** Says who is asked to do what, in one line, or in a line for each party. */
function call(change: Change, { ids, inGroups }: Called, room: Room): [Words, ...Words[]] {
  if (ids.length === 0) return [[nobodyLeft]]
  const toDo = `please ${toDoOf(change)} it on the card`
  const parties = isOrphaned(change) || !isOfParties(change) ? [] : stillNeeded(change, calledIn, room)
  if (parties.length === 0) return [[...people(ids, room.people), `: ${toDo}.`]]
  return [[`Still needed: ${toDo}.`], ...parties]

  function calledIn({ from }: Party): string[] {
    return from.flatMap((id) => (ids.includes(id) ? [id] : (inGroups[id] ?? [])))
  }
}

function isOfParties(change: Change): boolean {
  return rulesShown(change).some(({ parties }) => parties.length > 1)
}

function toDoOf(change: Change): string {
  if (!isOrphaned(change)) return 'approve or reject'
  return isHeirless(change) ? 'reject or cancel' : 'take over or cancel'
}

const nobodyLeft =
  'Apart from those who have approved it, nobody can decide on it right now: ask whoever runs Countersign to look at its approvers.'
