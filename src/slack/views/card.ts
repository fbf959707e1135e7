import type { ActionsBlock, Button } from '@slack/types'
import type { Change } from '../../domain/change.ts'
import type { Policy } from '../../domain/policy.ts'
import type { StoredChange } from '../../ports.ts'
import { button, header, limits, type Message } from './blocks.ts'
import { changedFields, changedInText, driftedFields, keptEntries, knownField } from './fields.ts'
import { actions, changeValue } from './ids.ts'
import { line, type Piece, pack, quote } from './layout.ts'
import { asked, decisions, standing, why } from './status.ts'
import { inText } from './words.ts'

/** `policy` as it is now; `stackTitle` as the stack's people know it. */
type Around = { readonly policy: Policy; readonly stackTitle: string }

/**
 * The card of a change, in full, at any point of its life: the first post and every update are drawn by this, from stored
 * state only. All that would be written is on it, uncut. It fits Slack's 50 blocks whatever the texts are.
 */
export function changeCard({ change }: StoredChange, around: Around): Message {
  const buttons = buttonsFor(change)
  const room = limits.messageBlocks - 1 - buttons.length
  return {
    text: cardText(change, around),
    blocks: [header(`#${change.id} · ${change.before.name}`), ...pack(sections(change, around), room), ...buttons],
  }
}

function sections(change: Change, { policy, stackTitle }: Around): Piece[][] {
  return [
    [line({ strong: 'This change' }, ' ', ...standing(change, policy), '.'), ...why(change)],
    [
      ...knownField('Token', change.before.name),
      line({ strong: 'Stack' }, ': ', { said: stackTitle }),
      line('Asked for by ', { person: change.requester }, ' ', { at: change.proposedAt }, revisionInWords(change)),
    ],
    [line({ strong: 'Reason' }), ...quote(change.reason)],
    [line({ strong: whatIsListed(change) }), ...changedFields(change)],
    keptEntries(change.after),
    change.status === 'drifted' ? [line({ strong: 'What was found on the token' }), ...driftedFields(change)] : [],
    [...decisions(change, policy), ...(change.status === 'pending' ? asked(change, policy) : [])],
  ]
}

function whatIsListed({ status }: Change): string {
  if (status === 'applied') return 'What was asked for and is now in force'
  return status === 'pending' || status === 'approved' || status === 'applying'
    ? 'What will be written'
    : 'What was asked for'
}

function revisionInWords({ revision }: Change): string {
  return revision > 1 ? ` (revision ${revision})` : ''
}

function buttonsFor(change: Change): ActionsBlock[] {
  const value = changeValue(change)
  const named = (text: string, action: string): Button =>
    button({ text, action, value, label: `${text.replace('…', '')} change #${change.id}` })
  const cancel = named('Cancel', actions.cancel)
  if (change.status === 'approved') return [{ type: 'actions', elements: [cancel] }]
  if (change.status !== 'pending') return []
  const approve: Button = { ...named('Approve', actions.approve), style: 'primary' }
  return [{ type: 'actions', elements: [approve, named('Reject…', actions.reject), cancel] }]
}

function cardText(change: Change, { policy, stackTitle }: Around): string {
  const about = inText([
    `Change #${change.id} to token `,
    { said: change.before.name },
    ' on ',
    { said: stackTitle },
    ' by ',
    { person: change.requester },
    ' ',
    ...standing(change, policy),
  ])
  return `${about}. It asks for: ${changedInText(change, limits.fallback - about.length - 20)}.`
}
