import type { KnownBlock } from '@slack/types'
import { distinctInList } from '../../domain/look-alikes.ts'
import { addsName, raisesLimits, takesName } from '../../domain/policy/choices.ts'
import type { Choice } from '../../domain/policy/when.ts'
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
import { notOffered, type RefusedChoice, refusedChoice, whyRefused } from './refused-choices.ts'

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
      existing: namesOffered(opened, 'branches'),
      before: before.branches,
      targets: {},
    }),
    ...namesInputs(drawn, {
      part: 'aliases',
      label: 'Branch aliases',
      action: actions.aliases,
      existing: namesOffered(opened, 'aliases'),
      before: before.aliases,
      targets: facts,
    }),
    ...notOffered(refusedNames(opened)),
    ...notListedHere(facts).map((text) => context(text)),
    ...(unofferable > 0 ? [context(`${count(unofferable, 'name')} too long for a list in Slack: kept as it is.`)] : []),
  ]
}

export type Names = 'branches' | 'aliases'

/** The stack's names without those that the policy can only refuse; what the token has already stays. */
export function namesOffered(opened: Opened, of: Names): readonly string[] {
  return opened.facts[of].filter((name) => isOffered(opened, of, name))
}

function isOffered(opened: Opened, of: Names, name: string): boolean {
  return opened.draft.before[of].includes(name) || whyRefused(opened, added(opened, of, name)) === null
}

function added({ facts }: Opened, of: Names, name: string): Choice {
  return addsName(name, of === 'aliases' ? facts.aliasTargets?.[name] : undefined)
}

/** Names to add, and those that the token has and has to keep. */
function refusedNames(opened: Opened): RefusedChoice[] {
  const { draft, facts } = opened
  return (['branches', 'aliases'] as const).flatMap((of) => [
    ...facts[of]
      .filter((name) => !draft.before[of].includes(name))
      .flatMap((name) => refusedChoice(opened, [{ said: distinctInList(name) }], added(opened, of, name))),
    ...draft.before[of].flatMap((name) => {
      const target = of === 'aliases' ? facts.aliasTargets?.[name] : undefined
      return refusedChoice(opened, ['taking away ', { said: distinctInList(name) }], takesName(name, target))
    }),
  ])
}

function notListedHere({ unlisted = {}, unread = {} }: StackFacts): string[] {
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
        `Rate limits can't be edited here, and stay as they are. ${whoHasLimits} Also, whoever runs Countersign has to name their fields (rate_limit_fields).`,
      ),
    ]
  const drawn = drawnOf(opened)
  const raised = opened.draft.before.rateLimits.kind === 'custom' ? raisesLimits : null
  const whyNot = whyRefused(opened, raised)
  const organisation =
    whyNot === null || form.rates === 'organisation' ? { organisation: organisationInWords(facts) } : {}
  const choice = radioInput(drawn, {
    part: 'rates',
    label: 'Rate limits',
    action: actions.rates,
    redraws: true,
    choices: { ...organisation, custom: 'Custom' },
    chosen: form.rates,
  })
  const rate = (part: 'readRate' | 'writeRate', label: string, action: string) =>
    textInput(drawn, { part, label, action, hint: 'A whole number.', max: 10 })
  const refused = notOffered(refusedChoice(opened, ['higher limits'], raised))
  return form.rates === 'organisation'
    ? [choice, ...refused]
    : [
        choice,
        ...refused,
        rate('readRate', 'Reads per second', actions.readRate),
        rate('writeRate', 'Writes per second', actions.writeRate),
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
