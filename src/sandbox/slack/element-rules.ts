import {
  boxOption,
  confirm,
  conversationFilter,
  dispatchActionConfig,
  option,
  optionGroup,
  overflowOption,
  placeholder,
  plainText,
} from './composition-rules.ts'
import { sameOption } from './elements.ts'
import { LIMITS } from './limits.ts'
import { richText } from './rich-text-rules.ts'
import {
  also,
  exactlyOne,
  type Fields,
  flag,
  integer,
  isRecord,
  list,
  matching,
  object,
  type Report,
  type Rule,
  string,
  word,
} from './rules.ts'

const named = { action_id: string({ min: 1, max: LIMITS.id }) }
const confirmable = { ...named, confirm }
const focusable = { ...confirmable, focus_on_load: flag }
const menu = { ...focusable, placeholder }
const many = { max_selected_items: integer(1) }
const dispatching = { ...named, focus_on_load: flag, placeholder, dispatch_action_config: dispatchActionConfig }
const label = string({ min: 1, max: LIMITS.accessibilityLabel })
const style = word('primary', 'danger')
const id = string({ min: 1 })
const date = matching(/^\d{4}-\d\d-\d\d$/, 'a date in the form YYYY-MM-DD')
const time = matching(/^([01]\d|2[0-3]):[0-5]\d$/, 'a time in the form HH:mm')

/** An initial choice must be one of the options, in every field (slack.md §2). */
function initialAmongOptions(element: Record<string, unknown>, pointer: string, report: Report): void {
  const groups = Array.isArray(element.option_groups) ? element.option_groups : [{ options: element.options }]
  const offered = groups.flatMap((group) => (isRecord(group) && Array.isArray(group.options) ? group.options : []))
  const among = (chosen: unknown) => offered.some((one) => sameOption(one, chosen))
  if (element.initial_option !== undefined && !among(element.initial_option)) {
    report(`${pointer}/initial_option`, 'must be one of the provided options')
  }
  if (!Array.isArray(element.initial_options)) return
  for (const [index, chosen] of element.initial_options.entries()) {
    if (!among(chosen)) report(`${pointer}/initial_options/${index}`, 'must be one of the provided options')
  }
}

function staticMenu(fields: Fields): Rule {
  const rule = object(
    {},
    {
      ...menu,
      ...fields,
      options: list(option, { min: 1, max: LIMITS.options }),
      option_groups: list(optionGroup, { min: 1, max: LIMITS.options }),
    },
  )
  return also(also(rule, exactlyOne('options', 'option_groups')), initialAmongOptions)
}

function boxes(fields: Fields): Rule {
  const options = list(boxOption, { min: 1, max: LIMITS.boxOptions })
  return also(object({ options }, { ...focusable, ...fields }), initialAmongOptions)
}

const initialMany = { ...many, initial_options: list(option, { min: 1, max: LIMITS.options }) }
const query = { min_query_length: integer(0) }
const conversations = { default_to_current_conversation: flag, filter: conversationFilter }

export const selects = {
  static_select: staticMenu({ initial_option: option }),
  external_select: object({}, { ...menu, ...query, initial_option: option }),
  users_select: object({}, { ...menu, initial_user: id }),
  conversations_select: object({}, { ...menu, ...conversations, initial_conversation: id, response_url_enabled: flag }),
  channels_select: object({}, { ...menu, initial_channel: id, response_url_enabled: flag }),
  multi_static_select: staticMenu(initialMany),
  multi_external_select: object({}, { ...menu, ...query, ...initialMany }),
  multi_users_select: object({}, { ...menu, ...many, initial_users: list(id) }),
  multi_conversations_select: object({}, { ...menu, ...many, ...conversations, initial_conversations: list(id) }),
  multi_channels_select: object({}, { ...menu, ...many, initial_channels: list(id) }),
}

export const pickers = {
  checkboxes: boxes({ initial_options: list(boxOption, { min: 1, max: LIMITS.boxOptions }) }),
  radio_buttons: boxes({ initial_option: boxOption }),
  datepicker: object({}, { ...menu, initial_date: date }),
  timepicker: object({}, { ...menu, initial_time: time, timezone: string() }),
}

export const datetimepicker = object({}, { ...focusable, initial_date_time: integer(1_000_000_000, 9_999_999_999) })

export const button = object(
  { text: plainText(LIMITS.buttonText) },
  {
    ...confirmable,
    style,
    value: string({ max: LIMITS.buttonValue }),
    url: string({ max: LIMITS.url }),
    accessibility_label: label,
  },
)

export const overflow = object({ options: list(overflowOption, { min: 1, max: LIMITS.overflowOptions }) }, confirmable)

export const workflowButton = object(
  {
    text: plainText(LIMITS.buttonText),
    workflow: (value, at, report) => isRecord(value) || report(at, 'must provide an object'),
  },
  { ...named, style, accessibility_label: label },
)

const length = integer(0, LIMITS.inputLength)

export const richTextInput = object(
  {},
  {
    ...dispatching,
    initial_value: richText,
    min_lines: integer(1, LIMITS.richTextLines),
    max_lines: integer(1, LIMITS.richTextLines),
  },
)

function boundsInOrder(least: string, most: string) {
  return (element: Record<string, unknown>, pointer: string, report: Report) => {
    const [min, max] = [element[least], element[most]]
    if (min !== undefined && max !== undefined && Number(min) > Number(max)) {
      report(pointer, `${least} must not be greater than ${most}`)
    }
  }
}

const oneLine = object({}, { ...dispatching, initial_value: string({ max: LIMITS.inputLength }) })

export const typedInputs = {
  plain_text_input: also(
    object(
      {},
      {
        ...dispatching,
        initial_value: string({ max: LIMITS.inputLength }),
        multiline: flag,
        min_length: length,
        max_length: integer(1, LIMITS.inputLength),
      },
    ),
    boundsInOrder('min_length', 'max_length'),
  ),
  email_text_input: oneLine,
  url_text_input: oneLine,
  number_input: also(
    object(
      { is_decimal_allowed: flag },
      { ...dispatching, initial_value: string(), min_value: string(), max_value: string() },
    ),
    boundsInOrder('min_value', 'max_value'),
  ),
  rich_text_input: richTextInput,
  file_input: object({}, { ...named, filetypes: list(string(), { min: 1 }), max_files: integer(1, LIMITS.files) }),
}

export const contextButtons = {
  feedback_buttons: object({}, { ...named, positive_button: feedbackButton(), negative_button: feedbackButton() }),
  icon_button: object(
    { icon: id, text: plainText(LIMITS.buttonText) },
    {
      ...confirmable,
      value: string({ max: LIMITS.buttonValue }),
      accessibility_label: label,
      visible_to_user_ids: list(id),
    },
  ),
}

function feedbackButton(): Rule {
  return object(
    { text: plainText(LIMITS.buttonText), value: string({ max: LIMITS.buttonValue }) },
    { accessibility_label: label },
  )
}
