import type { ActionsBlock, Button } from '@slack/types'
import { isOrphaned } from '../../domain/change/askers.ts'
import { asideBecause, asksForName, type Change, hasEnded } from '../../domain/change/change.ts'
import { button } from '../kit/blocks.ts'
import { actions, changeValue } from '../kit/ids.ts'

/**
 * The buttons on a card. Slack shows everybody the same ones, so each privately refuses people who may not press it.
 * The first row is for those who decide, the second for those who asked.
 */
export function cardButtons(change: Change): ActionsBlock[] {
  if (asideBecause(change) !== null) return [row(cancel(change))]
  if (isOrphaned(change) && !hasEnded(change)) return [row(...forHeirs(change))]
  switch (change.status) {
    case 'pending':
      return [row(...forDeciders(change)), row(...forRequesters(change))]
    case 'approved':
      return [row(cancel(change))]
    case 'drifted':
      return [row({ ...named(change, 'Rebase', actions.rebase, 'Rebase'), style: 'primary' }, cancel(change))]
    default:
      return []
  }
}

/**
 * For App Home, for a person the change waits for. Home does not show all of the change, so approving opens the form
 * that does.
 */
export function decisionButtons(change: Change): ActionsBlock {
  if (isOrphaned(change)) return row(...forHeirs(change))
  const approve = named(change, 'Approve…', actions.approveWithComment, 'Approve')
  return row({ ...approve, style: 'primary' }, reject(change))
}

/** For App Home, for the person who asked: what they can do with it now, if anything. */
export function requesterButtons(change: Change): ActionsBlock[] {
  const waits = change.status === 'pending' && asideBecause(change) === null && !isOrphaned(change)
  return waits ? [row(...forRequesters(change))] : cardButtons(change)
}

/** If an approval has to be confirmed, the form that asks for that takes the comment too. */
function forDeciders(change: Change): Button[] {
  const confirm = asksForName(change)
  return [
    { ...named(change, confirm ? 'Approve…' : 'Approve', actions.approve, 'Approve'), style: 'primary' },
    ...(confirm
      ? []
      : [named(change, 'Approve with a comment…', actions.approveWithComment, 'Approve with a comment')]),
    reject(change),
    named(change, "I'm looking", actions.claim, 'Say that you are looking at'),
  ]
}

function forRequesters(change: Change): Button[] {
  return [
    named(change, 'Edit…', actions.amend, 'Edit'),
    named(change, 'Nudge', actions.nudge, 'Remind the approvers of'),
    cancel(change),
  ]
}

/**
 * Those who can take it over, if anybody can, don't decide on it until then; while it only waits they can also reject
 * it.
 */
function forHeirs(change: Change): Button[] {
  const takeOver = named(change, 'Take over', actions.takeOver, 'Take over')
  const rejecting = change.status === 'pending' ? [reject(change)] : []
  const takingOver = change.heirless ? [] : [{ ...takeOver, style: 'primary' as const }]
  return [...takingOver, ...rejecting, cancel(change)]
}

function reject(change: Change): Button {
  return named(change, 'Reject…', actions.reject, 'Reject')
}

function cancel(change: Change): Button {
  return named(change, 'Cancel', actions.cancel, 'Cancel')
}

/** A screen reader says `does`, and which change it is about. */
function named(change: Change, text: string, action: string, does: string): Button {
  return button({ text, action, value: changeValue(change), label: `${does}: change #${change.id}` })
}

function row(...elements: Button[]): ActionsBlock {
  return { type: 'actions', elements }
}
