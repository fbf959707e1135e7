import type { KnownBlock } from '@slack/types'
import { notListed, notRead } from '../../domain/token/names.ts'
import { whoHasLimits } from '../../domain/token/rate-limits.ts'
import type { StackFacts } from '../../domain/token/token.ts'
import { count } from '../../words/text.ts'
import { context, limits } from '../kit/blocks.ts'
import { actions, textAction } from '../kit/ids.ts'
import { fitsOption } from '../kit/options.ts'
import { accessInputs } from './access-inputs.ts'
import { expiryInputs } from './expiry-inputs.ts'
import { fitsInput } from './form-blocks.ts'
import type { Group } from './form-groups.ts'
import { namesInputs, radioInput, textInput } from './form-inputs.ts'
import { type TextKey, textFields, textKeys } from './form-state.ts'
import { organisationInWords } from './group-lines.ts'
import { drawnOf, type Opened } from './opened.ts'

function textField(part: TextKey): (opened: Opened) => KnownBlock[] {
  const spec = { part, action: textAction(part), ...textFields[part] }
  const tooLong = `${spec.label}: longer than the ${count(limits.input, 'character')} a form in Slack holds, so it stays as it is.`
  return (opened) => [fitsInput(part, opened.form) ? textInput(drawnOf(opened), spec) : context(tooLong)]
}

function scope(opened: Opened): KnownBlock[] {
  const { draft, form, facts } = opened
  const { before } = draft
  const used = [before.branches, before.aliases, form.branches, form.aliases].some((names) => names.length > 0)
  if (!facts.branchesEnabled && !used) return []
  const drawn = drawnOf(opened)
  const unofferable = [...form.branches, ...form.aliases].filter((name) => !fitsOption(name)).length
  return [
    ...namesInputs(drawn, {
      part: 'branches',
      label: 'Branches',
      action: actions.branches,
      existing: facts.branches,
      before: before.branches,
      targets: {},
    }),
    ...namesInputs(drawn, {
      part: 'aliases',
      label: 'Branch aliases',
      action: actions.aliases,
      existing: facts.aliases,
      before: before.aliases,
      targets: facts,
    }),
    ...notOffered(facts).map((text) => context(text)),
    ...(unofferable > 0 ? [context(`${count(unofferable, 'name')} too long for a list in Slack: kept as it is.`)] : []),
  ]
}

function notOffered({ unlisted = {}, unread = {} }: StackFacts): string[] {
  return [
    unlisted.branches !== undefined && notListed('branch', unlisted.branches),
    unread.branches !== undefined && notRead('branch', unread.branches),
    unlisted.aliases !== undefined && notListed('alias', unlisted.aliases),
    unread.aliases !== undefined && notRead('alias', unread.aliases),
  ].filter((text) => text !== false)
}

function rates(opened: Opened): KnownBlock[] {
  const { form, facts } = opened
  if (!facts.rateLimitsGoverned || form.rates === 'ungoverned')
    return [
      context(
        `Rate limits can't be edited here, and stay as they are. ${whoHasLimits} Apart from that, whoever runs Countersign has to name their fields (rate_limit_fields).`,
      ),
    ]
  const drawn = drawnOf(opened)
  const choice = radioInput(drawn, {
    part: 'rates',
    label: 'Rate limits',
    action: actions.rates,
    redraws: true,
    choices: { organisation: organisationInWords(facts), custom: 'Custom' },
    chosen: form.rates,
  })
  const rate = (part: 'readRate' | 'writeRate', label: string, action: string) =>
    textInput(drawn, { part, label, action, hint: 'A whole number.', max: 10 })
  return form.rates === 'organisation'
    ? [choice]
    : [
        choice,
        rate('readRate', 'Reads a second', actions.readRate),
        rate('writeRate', 'Writes a second', actions.writeRate),
      ]
}

/** The inputs of each group while it is open, and what has to be said about them. */
export const groupInputs: Record<Group, (opened: Opened) => KnownBlock[]> = {
  naming: (opened) => textKeys.flatMap((key) => textField(key)(opened)),
  scope,
  access: accessInputs,
  expiry: expiryInputs,
  rates,
}
