import { isRecord } from './rules.ts'

/** The values that people give an element, and where `state.values` keeps them. */
export type ElementKind = {
  readonly picks: 'text' | 'option' | 'person' | 'conversation' | 'date' | 'time' | 'seconds' | 'rich text' | 'file'
  readonly many: boolean
  /** The field of the state value. */
  readonly field: string
  /** The element's field for its initial value. */
  readonly initial: string
}

function one(picks: ElementKind['picks'], field: string, initial: string): ElementKind {
  return { picks, many: false, field, initial }
}

function many(picks: ElementKind['picks'], field: string, initial: string): ElementKind {
  return { picks, many: true, field, initial }
}

const text = one('text', 'value', 'initial_value')
const option = one('option', 'selected_option', 'initial_option')
const options = many('option', 'selected_options', 'initial_options')

/** Elements that keep a value. Buttons and overflow menus don't. */
export const statefulElements: Readonly<Record<string, ElementKind>> = {
  plain_text_input: text,
  email_text_input: text,
  url_text_input: text,
  number_input: text,
  rich_text_input: one('rich text', 'rich_text_value', 'initial_value'),
  file_input: many('file', 'files', 'initial_files'),
  static_select: option,
  external_select: option,
  radio_buttons: option,
  multi_static_select: options,
  multi_external_select: options,
  checkboxes: options,
  users_select: one('person', 'selected_user', 'initial_user'),
  multi_users_select: many('person', 'selected_users', 'initial_users'),
  conversations_select: one('conversation', 'selected_conversation', 'initial_conversation'),
  multi_conversations_select: many('conversation', 'selected_conversations', 'initial_conversations'),
  channels_select: one('conversation', 'selected_channel', 'initial_channel'),
  multi_channels_select: many('conversation', 'selected_channels', 'initial_channels'),
  datepicker: one('date', 'selected_date', 'initial_date'),
  timepicker: one('time', 'selected_time', 'initial_time'),
  datetimepicker: one('seconds', 'selected_date_time', 'initial_date_time'),
}

/** Same value, text and description; defaults that Slack filled in, for example `emoji`, do not matter. */
export function sameOption(left: unknown, right: unknown): boolean {
  if (!isRecord(left) || !isRecord(right)) return false
  return (
    left.value === right.value &&
    textOf(left.text) === textOf(right.text) &&
    textOf(left.description) === textOf(right.description)
  )
}

function textOf(value: unknown): unknown {
  return isRecord(value) ? value.text : undefined
}
