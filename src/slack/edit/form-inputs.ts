import type { InputBlock, InputBlockElement, PlainTextOption } from '@slack/types'
import type { Pointing } from '../../domain/token/targets.ts'
import { limits, option, plainText } from '../kit/blocks.ts'
import { fitsOption, nameOption, nameOptions } from '../kit/options.ts'
import { blockId, dateBlockId, type Part, shown, type TextPart } from './form-blocks.ts'
import type { FormState } from './form-state.ts'

/** The state of one form on the screen: how often its parts were drawn afresh, and its values. */
export type Drawn = { readonly afresh: Readonly<Record<string, number>>; readonly form: FormState }

type Spec = {
  readonly part: Part
  readonly label: string
  readonly hint?: string
  readonly optional?: true
  /** Other parts appear or go with this choice, so the form is redrawn. */
  readonly redraws?: true
}

function input(
  { afresh }: Drawn,
  { part, label, hint, optional, redraws }: Spec,
  element: InputBlockElement,
): InputBlock {
  return {
    type: 'input',
    block_id: blockId(part, afresh),
    label: plainText(label),
    element,
    ...(hint !== undefined && { hint: plainText(hint, limits.hint) }),
    ...(optional && { optional }),
    ...(redraws && { dispatch_action: true }),
  }
}

/** `focus`: puts the cursor there when the form opens; Slack allows it for one input of a view. Source: slack.md §2. */
type TextSpec = Spec & {
  part: TextPart
  action: string
  multiline?: true
  focus?: true
  max: number
  placeholder?: string
}

/** A value already on the token may be longer than people may type, and is not cut. */
export function textInput(drawn: Drawn, spec: TextSpec): InputBlock {
  const value = shown(spec.part, drawn.form)
  const fits = value !== '' && value.length <= limits.input
  return input(drawn, spec, {
    type: 'plain_text_input',
    action_id: spec.action,
    max_length: Math.min(limits.input, Math.max(spec.max, value.length)),
    ...(spec.multiline && { multiline: true }),
    ...(spec.placeholder !== undefined && { placeholder: plainText(spec.placeholder, limits.placeholder) }),
    ...(spec.focus && { focus_on_load: true }),
    ...(fits && { initial_value: value }),
  })
}

type Choices = Readonly<Record<string, string>>
type ChoiceSpec = Spec & { action: string; choices: Choices; chosen: string; placeholder?: string }

/** `choices`: the label for each value. */
export function selectInput(drawn: Drawn, spec: ChoiceSpec): InputBlock {
  const placeholder =
    spec.placeholder === undefined ? {} : { placeholder: plainText(spec.placeholder, limits.placeholder) }
  return input(drawn, spec, { type: 'static_select', ...choosing(spec), ...placeholder })
}

export function radioInput(drawn: Drawn, spec: ChoiceSpec): InputBlock {
  return input(drawn, spec, { type: 'radio_buttons', ...choosing(spec) })
}

function choosing({ action, choices, chosen }: ChoiceSpec) {
  const options = Object.entries(choices).map(([value, text]) => option(text, value))
  const initial = options.find(({ value }) => value === chosen)
  return { action_id: action, options, ...(initial && { initial_option: initial }) }
}

type CheckSpec = Spec & { action: string; says: string; checked: boolean }

export function checkInput(drawn: Drawn, spec: CheckSpec): InputBlock {
  const options = [option(spec.says, 'yes')]
  const initial = spec.checked ? { initial_options: options } : {}
  return input(drawn, { ...spec, optional: true }, { type: 'checkboxes', action_id: spec.action, options, ...initial })
}

type DateSpec = Spec & { action: string; date: string | null }

export function dateInput(drawn: Drawn, spec: DateSpec): InputBlock {
  const initial = spec.date === null ? {} : { initial_date: spec.date }
  const drawnAnew = input(drawn, spec, { type: 'datepicker', action_id: spec.action, ...initial })
  return { ...drawnAnew, block_id: dateBlockId(spec.date) }
}

type NamesSpec = {
  part: 'branches' | 'aliases'
  label: string
  action: string
  existing: readonly string[]
  before: readonly string[]
  /** The branches that aliases point to; empty for branches. */
  targets: Pointing
}

/**
 * One select in which each name on the token is an option, even one that is gone from the stack; more selects for a
 * token that names over a hundred, since one takes that many choices. How many depends on `before` too: otherwise a
 * select could go while the form is open, and take its choices along.
 */
export function namesInputs(drawn: Drawn, { part, label, action, existing, before, targets }: NamesSpec): InputBlock[] {
  const chosen = [...new Set(drawn.form[part])].filter(fitsOption)
  const offered = [...new Set([...existing, ...before, ...chosen])].filter(fitsOption)
  if (offered.length === 0) return []
  const selects = Math.ceil(Math.max(1, new Set(before).size, chosen.length) / limits.options)
  return Array.from({ length: selects }, (_, i) => {
    const initial = chosen.slice(i * limits.options, (i + 1) * limits.options).map((name) => nameOption(name, targets))
    const title = selects === 1 ? label : `${label} (${i + 1} of ${selects})`
    const spec: Spec = { part: i === 0 ? part : `${part}.${i}`, label: title, optional: true }
    return input(drawn, spec, multiSelect({ action, offered, initial, targets }))
  })
}

type MultiSpec = { action: string; offered: readonly string[]; initial: PlainTextOption[]; targets: Pointing }

function multiSelect({ action, offered, initial, targets }: MultiSpec): InputBlockElement {
  const chosen = initial.length > 0 ? { initial_options: initial } : {}
  if (offered.length <= limits.options)
    return { type: 'multi_static_select', action_id: action, options: nameOptions(offered, '', targets), ...chosen }
  return {
    type: 'multi_external_select',
    action_id: action,
    min_query_length: 0,
    max_selected_items: limits.options,
    ...chosen,
  }
}
