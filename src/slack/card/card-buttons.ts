import type { ActionsBlock, Button, Overflow } from '@slack/types'
import { isHeirless, isOrphaned } from '../../domain/change/askers.ts'
import { asideBecause, asksForName, type Change, hasEnded } from '../../domain/change/change.ts'
import { button, option, overflow } from '../kit/blocks.ts'
import { actions, changeValue, moreValue } from '../kit/ids.ts'

/**
 * The buttons on a card. Slack shows everybody the same ones, so each privately refuses people who may not press it.
 * The menu holds what is done seldom: first for those who decide, then for those who asked.
 */
export function cardButtons(change: Change): ActionsBlock[] {
  if (asideBecause(change) !== null) return [row(cancel(change))]
  if (isOrphaned(change) && !hasEnded(change)) return [row(...forHeirs(change))]
  switch (change.status) {
    case 'pending':
      return [row(...decisions(change), more(change))]
    case 'approved':
      return [row(cancel(change))]
    case 'drifted':
      return [row({ ...named(change, 'Rebase…', actions.rebase, 'Rebase'), style: 'primary' }, cancel(change))]
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

function decisions(change: Change): Button[] {
  const text = asksForName(change) ? 'Approve…' : 'Approve'
  return [{ ...named(change, text, actions.approve, 'Approve'), style: 'primary' }, reject(change)]
}

/** If an approval has to be confirmed, the form that asks for that takes the comment too. */
function more(change: Change): Overflow {
  const value = changeValue(change)
  const commented = asksForName(change) ? [] : [['Approve with a comment…', actions.approveWithComment] as const]
  const items = [
    ...commented,
    ["I'm looking", actions.claim] as const,
    ['Edit…', actions.amend] as const,
    ['Nudge', actions.nudge] as const,
    ['Cancel…', actions.cancel] as const,
  ]
  return overflow(
    actions.more,
    items.map(([text, action]) => option(text, moreValue(action, value))),
  )
}

function forRequesters(change: Change): Button[] {
  return [
    named(change, 'Edit…', actions.amend, 'Edit'),
    named(change, 'Nudge', actions.nudge, 'Nudge the approvers'),
    cancel(change),
  ]
}

/**
 * Those who can take it over, if anybody can, don't decide on it until then; while it only waits they can also reject
 * it.
 */
function forHeirs(change: Change): Button[] {
  const takeOver = named(change, 'Take over…', actions.takeOver, 'Take over')
  const rejecting = change.status === 'pending' ? [reject(change)] : []
  const takingOver = isHeirless(change) ? [] : [{ ...takeOver, style: 'primary' as const }]
  return [...takingOver, ...rejecting, cancel(change)]
}

function reject(change: Change): Button {
  return named(change, 'Reject…', actions.reject, 'Reject')
}

function cancel(change: Change): Button {
  return named(change, 'Cancel…', actions.cancel, 'Cancel')
}

/** A screen reader says `does`, and which change it is about. */
function named(change: Change, text: string, action: string, does: string): Button {
  return button({ text, action, value: changeValue(change), label: `${does}: change #${change.id}` })
}

function row(...elements: (Button | Overflow)[]): ActionsBlock {
  return { type: 'actions', elements }
}
