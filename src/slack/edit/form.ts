import type { InputBlock, KnownBlock, ModalView, SectionBlock } from '@slack/types'
import { contentDigest } from '../../domain/content-digest.ts'
import { line, type Piece, quote } from '../../words/pieces.ts'
import { revertInForm } from '../../words/reverts.ts'
import { tokenOn } from '../../words/which-token.ts'
import { button, context, limits, plainText } from '../kit/blocks.ts'
import { actions, groupActions, modals } from '../kit/ids.ts'
import { pack } from '../kit/layout.ts'
import { changedGroups, type Group, groupOf, groups } from './form-groups.ts'
import { textInput } from './form-inputs.ts'
import { groupInputs } from './form-parts.ts'
import type { FormErrors } from './form-state.ts'
import { groupLines } from './group-lines.ts'
import { canOpen, isFolded } from './open-groups.ts'
import { drawnOf, type Opened } from './opened.ts'

/** The form, prefilled with `form`. `private_metadata` is the draft's id and nothing else. */
export function formView(opened: Opened): ModalView {
  const open = groups.filter((group) => opened.open?.includes(group))
  return {
    type: 'modal',
    callback_id: modals.editForm,
    private_metadata: opened.draft.id,
    title: plainText(opened.draft.change === null ? 'Edit token' : 'Edit the change', limits.viewTitle),
    submit: plainText('Check the change', limits.viewTitle),
    close: plainText('Close', limits.viewTitle),
    blocks: [...pack([intro(opened)], 5), ...parts(opened, open)],
  }
}

/** Whoever said in one line what they ask for is asked for nothing but the reason. */
function parts(opened: Opened, open: readonly Group[]): KnownBlock[] {
  if (opened.understood !== undefined) return [reason(opened)]
  return open.length === 0 ? asOpened(opened) : withGroups(opened, open)
}

function asOpened(opened: Opened): KnownBlock[] {
  const secret =
    "The secret value can't be viewed or changed here; for a new one, generate a new token in Contentstack."
  const changed = changedGroups(opened.form, opened.draft.before)
  return [
    ...groups.flatMap((group) => closed(group, opened, changed)),
    ...wrongIn(null, opened),
    reason(opened),
    context(secret),
  ]
}

/**
 * The reason stands right below what was opened; then what else is asked for, and a way to each of the others. What was
 * folded stays in its place.
 */
function withGroups(opened: Opened, open: readonly Group[]): KnownBlock[] {
  const changed = changedGroups(opened.form, opened.draft.before)
  const others = groups.filter((group) => !open.includes(group) && !isFolded(group, opened))
  return [
    ...groups.flatMap((group) => {
      if (isFolded(group, opened)) return [...closed(group, opened, changed), context(foldedForRoom)]
      return open.includes(group) ? inSight(group, opened, changed) : []
    }),
    ...wrongIn(null, opened),
    reason(opened),
    ...others.filter((group) => changed.includes(group)).flatMap((group) => closed(group, opened, changed)),
    ...waysTo(others.filter((group) => !changed.includes(group) && canOpen(group, opened))),
  ]
}

const foldedForRoom = 'Folded to make room for what you opened. It stays as you left it.'

function inSight(group: Group, opened: Opened, changed: readonly Group[]): KnownBlock[] {
  return [heading(group, labelOf(group, changed), 'Done'), ...wrongIn(group, opened), ...groupInputs[group](opened)]
}

function closed(group: Group, opened: Opened, changed: readonly Group[]): KnownBlock[] {
  if (!canOpen(group, opened)) return groupInputs[group](opened)
  return [heading(group, `${labelOf(group, changed)}: ${groupLines[group](opened)}`, 'Edit')]
}

const labels: Record<Group, string> = {
  naming: 'Name and description',
  scope: 'Scope',
  access: 'Access',
  expiry: 'Expiry',
  rates: 'Rate limits',
}

function labelOf(group: Group, changed: readonly Group[]): string {
  return changed.includes(group) ? `${labels[group]} (changed)` : labels[group]
}

function heading(group: Group, text: string, does: 'Edit' | 'Done'): SectionBlock {
  return {
    type: 'section',
    block_id: `group.${group}`,
    text: plainText(text, longestLine),
    accessory: button({
      text: does,
      action: does === 'Edit' ? groupActions(group).open : groupActions(group).close,
      label: `${does}: ${labels[group]}`,
    }),
  }
}

const longestLine = 200

/** In one row, so that an edit fits on the screen. */
function waysTo(others: readonly Group[]): KnownBlock[] {
  const way = (group: Group) =>
    button({
      text: `${short[group] ?? labels[group]}…`,
      action: groupActions(group).open,
      label: `Edit: ${labels[group]}`,
    })
  return others.length === 0 ? [] : [{ type: 'actions', block_id: 'others', elements: others.map(way) }]
}

const short: Partial<Record<Group, string>> = { naming: 'Name' }

/** Says what is wrong in a group that was closed when the form was sent: Slack shows errors only at inputs in sight. */
function wrongIn(group: Group | null, { errors = {} }: Opened): KnownBlock[] {
  const messages = wrongAt(group, errors)
  return pack([messages.map(quote)], 1).map((block) => ({ ...block, block_id: quoteId(group, messages) }))
}

function wrongAt(group: Group | null, errors: FormErrors): string[] {
  const found = Object.entries(errors).filter(([part]) => groupOf(part) === group)
  return [...new Set(found.map(([, message]) => message))]
}

const quoted = 'wrong.'

function quoteId(group: Group | null, messages: readonly string[]): string {
  return `${quoted}${group ?? 'reason'}.${contentDigest(messages).slice(0, 8)}`
}

/** True for a view that quotes something other than what is wrong now. */
export function quotesOthers(
  { blocks }: { readonly blocks: readonly { block_id?: string }[] },
  errors: FormErrors,
): boolean {
  const ids = blocks.flatMap(({ block_id }) => (block_id?.startsWith(quoted) ? block_id : []))
  const groups = new Set(Object.keys(errors).map(groupOf))
  const now = new Set([...groups].map((group) => quoteId(group, wrongAt(group, errors))))
  return ids.length > 0 && (ids.length !== now.size || ids.some((id) => !now.has(id)))
}

function reason(opened: Opened): InputBlock {
  return textInput(drawnOf(opened), {
    part: 'reason',
    label: 'Reason',
    placeholder: 'Approvers read it to decide, and it goes into the log.',
    action: actions.reason,
    multiline: true,
    max: limits.input,
    ...(opened.understood && { focus: true }),
  })
}

function intro({ draft, facts, uidEnd, notice, costsVote, understood }: Opened): Piece[] {
  return [
    ...(understood === undefined ? [] : [...understood, line('Say why below; then you can check the change.')]),
    ...(notice === undefined ? [] : [quote(notice)]),
    ...(draft.change === null
      ? []
      : [
          line(`This edits change #${draft.change.id}, which is open as revision ${draft.change.revision}.`),
          line('What you send becomes a new revision: approvals given so far will no longer count.'),
          ...(costsVote ? [line('Once you have sent it, you can no longer approve or reject this change.')] : []),
        ]),
    ...revertInForm(draft.reverts),
    line({ strong: 'Token' }, ': ', ...tokenOn(draft.before.name, { stackTitle: facts.title, uidEnd })),
  ]
}
