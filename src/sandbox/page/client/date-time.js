import { useContext, useEffect, useRef } from 'preact/hooks'
import { useConfirm } from './confirm.js'
import { html } from './html.js'
import { Surface } from './surface.js'

const kinds = {
  datepicker: { type: 'date', field: 'selected_date', shown: (value) => value, chosen: (text) => text },
  timepicker: { type: 'time', field: 'selected_time', shown: (value) => value, chosen: (text) => text },
  datetimepicker: { type: 'datetime-local', field: 'selected_date_time', shown: localText, chosen: seconds },
}

/**
 * The browser's own picker: a date, a time, or both (in the browser's time zone). Its value is set outside the drawing,
 * since a redraw would otherwise empty a half-typed date.
 */
export function DateTime({ block, element, id, notes, wrong, required, label }) {
  const surface = useContext(Surface)
  const [dialog, confirmed] = useConfirm()
  const { type, field, shown, chosen } = kinds[element.type]
  const stored = surface.values[block.block_id]?.[element.action_id]?.[field]
  const box = useRef(null)
  const showStored = () => {
    box.current.value = stored ? shown(stored) : ''
  }
  useEffect(() => {
    if (document.activeElement !== box.current) showStored()
  }, [stored])

  async function onChange({ target: { value } }) {
    if (await confirmed(element.confirm)) surface.choose(block, element, value === '' ? null : chosen(value))
    else showStored()
  }

  return html`<input
      type=${type}
      id=${id}
      class="date-time"
      ref=${box}
      aria-describedby=${notes}
      aria-invalid=${wrong || undefined}
      aria-required=${required || undefined}
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
