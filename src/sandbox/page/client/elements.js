import { Button } from './button.js'
import { Chosen } from './chosen.js'
import { DateTime } from './date-time.js'
import { html } from './html.js'
import { Overflow } from './overflow.js'
import { Select } from './select.js'
import { TextInput } from './text-input.js'

/** The component that draws each type of element. */
const drawn = {
  button: Button,
  overflow: Overflow,
  plain_text_input: TextInput,
  number_input: TextInput,
  email_text_input: TextInput,
  url_text_input: TextInput,
  datepicker: DateTime,
  timepicker: DateTime,
  datetimepicker: DateTime,
  radio_buttons: Chosen,
  checkboxes: Chosen,
  static_select: Select,
  external_select: Select,
  users_select: Select,
  conversations_select: Select,
  channels_select: Select,
  multi_static_select: Select,
  multi_external_select: Select,
  multi_users_select: Select,
  multi_conversations_select: Select,
  multi_channels_select: Select,
  image: ({ element }) => html`<img class="accessory-image" src=${element.image_url} alt=${element.alt_text} />`,
}

/**
 * One interactive element. In an input block, the label with `labelId` names it and `notes` describes it; elsewhere
 * `label` is its name if it has no other.
 */
export function Element(props) {
  const Drawn = drawn[props.element.type]
  return Drawn ? html`<${Drawn} ...${props} />` : html`<span class="undrawn">[${props.element.type}]</span>`
}
