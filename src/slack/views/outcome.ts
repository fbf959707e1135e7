import type { Change } from '../../domain/change.ts'
import { deciders, type Policy } from '../../domain/policy.ts'
import type { StoredChange } from '../../ports.ts'
import { clip, escaped, limits, type Message, oneLine, orBlank } from './blocks.ts'
import { changedInText, driftedFields } from './fields.ts'
import { line, type Piece, pack } from './layout.ts'
import { standing, why } from './status.ts'
import { inText, people, type Words } from './words.ts'

type Around = {
  readonly policy: Policy
  readonly stackTitle: string
  /** The card's permalink, when Slack gave one. */
  readonly cardLink: string | null
}

/** The direct message to the requester about where their change stands: sent, decided, or how it ended. */
export function outcomeMessage({ change }: StoredChange, around: Around): Message {
  const sentence = [...aboutIt(change, around.stackTitle), ' ', ...standing(change, around.policy), '.']
  const detail = [...why(change), ...next(change, around.policy)]
  const link: Piece[] = around.cardLink === null ? [] : [line({ link: around.cardLink, name: 'Open the card' })]
  return {
    text: textOf(change, sentence),
    blocks: pack([[line(...sentence), ...detail, ...link]], limits.messageBlocks),
  }
}

function aboutIt(change: Change, stackTitle: string): Words {
  return [`Your change #${change.id} to token `, { said: change.before.name }, ' on ', { said: stackTitle }]
}

function next(change: Change, policy: Policy): Piece[] {
  switch (change.status) {
    case 'pending':
      return [line('Asked: ', ...people(deciders(policy, change.requester)))]
    case 'drifted':
      return [
        line('What differs:'),
        ...driftedFields(change),
        line('If you still want the change, ask again: the form opens with the token as it is now.'),
      ]
    case 'failed':
    case 'rejected':
      return [line('You can ask again with another change.')]
    default:
      return []
  }
}

function textOf(change: Change, sentence: Words): string {
  const said = inText(sentence)
  const given = reasonOf(change)
  const rest = given === null ? '' : ` Why: ${escaped(clip(orBlank(oneLine(given)), 200))}.`
  return `${said}${rest} It asked for: ${changedInText(change, limits.fallback - said.length - rest.length - 20)}.`
}

function reasonOf(change: Change): string | null {
  if (change.status === 'failed') return change.why
  if (change.status === 'rejected') return change.rejection
  return change.status === 'approved' && change.interruption !== null ? change.interruption.why : null
}
