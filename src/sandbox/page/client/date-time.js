import { useContext } from 'preact/hooks'
import { useConfirm } from './confirm.js'
import { html } from './html.js'
import { Surface } from './surface.js'

const kinds = {
  datepicker: { type: 'date', field: 'selected_date', shown: (value) => value, chosen: (text) => text },
  timepicker: { type: 'time', field: 'selected_time', shown: (value) => value, chosen: (text) => text },
  datetimepicker: { type: 'datetime-local', field: 'selected_date_time', shown: localText, chosen: seconds },
}

/** The browser's own picker: a date, a time, or both (in the browser's time zone). */
export function DateTime({ block, element, id, notes, wrong, label }) {
  const surface = useContext(Surface)
  const [dialog, confirmed] = useConfirm()
  const { type, field, shown, chosen } = kinds[element.type]
  const stored = surface.values[block.block_id]?.[element.action_id]?.[field]

  async function onChange({ target }) {
    if (await confirmed(element.confirm))
      surface.choose(block, element, target.value === '' ? null : chosen(target.value))
    else target.value = stored ? shown(stored) : ''
  }

  return html`<input
      type=${type}
      id=${id}
      class="date-time"
      value=${stored ? shown(stored) : ''}
      aria-describedby=${notes}
      aria-invalid=${wrong || undefined}
      aria-label=${id ? undefined : (element.placeholder?.text ?? label)}
      data-focus=${element.focus_on_load || undefined}
      onChange=${onChange}
    />${dialog}`
}

function localText(value) {
  const date = new Date(value * 1000)
  return new Date(date.getTime() - date.getTimezoneOffset() * 60_000).toISOString().slice(0, 16)
}

function seconds(text) {
  return String(new Date(text).getTime() / 1000)
}
